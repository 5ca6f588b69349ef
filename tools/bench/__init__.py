"""What the script costs, measured: `python3 tools/bench` runs it and writes docs/performance.md. Knows no test."""

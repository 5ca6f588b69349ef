"""A minute of made-up Kick, and what the rules made of it. Pure: rules in, frames and sentences out."""

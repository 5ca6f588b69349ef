"""The functions of obspython, by subject. Importing this fills the table in signatures.py; the table is all they are used by."""

from . import data, frontend, properties, scenes, scripting, sources

__all__ = ["data", "frontend", "properties", "scenes", "scripting", "sources"]

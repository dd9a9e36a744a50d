"""Large networks: their Trace in parts, computed stage by stage, and the memory that it takes."""

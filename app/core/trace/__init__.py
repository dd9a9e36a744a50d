"""Planning, computing and describing a scene, stage by stage, and the wire format of a Trace."""

"""A scene planned, computed and described, stage by stage; its format on the wire."""

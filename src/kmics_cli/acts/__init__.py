"""What an officer does, as edits of files: what happened in the world, and what is done to the record itself.

Each act takes what was found in the registry and what was said, and puts new texts into a `Draft`. None writes, and none
judges: whether the record would be sound is asked of the whole draft.
"""

"""The verbs of the command line, by what they are about: each parses, calls and prints.

Heavy libraries are imported inside the verbs, so that ``--help`` needs none.
"""

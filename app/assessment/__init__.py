"""Marks and the graduation meeting: each person with each rule's verdict, proposed by one, approved by
another.
"""

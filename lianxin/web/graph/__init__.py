"""Organisations and places in one tree: picture, list and paper."""

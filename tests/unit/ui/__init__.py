"""Tests of what members see."""

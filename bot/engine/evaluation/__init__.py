"""Measuring answers on anyone's own questions: formats, asking, figures."""

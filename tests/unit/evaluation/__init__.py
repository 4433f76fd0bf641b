"""Question sets, figures and what is kept between runs."""

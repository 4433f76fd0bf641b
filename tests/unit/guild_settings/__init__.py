"""What guilds decide, and who may see what."""

"""Who and where: areas, boundaries, persons, units and posts, each with its dates."""

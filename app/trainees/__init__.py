"""Who learns: the person, the duty desa, the standing, what was earned. Nothing about one course."""

"""Which kecamatan has whom: reads all, writes only targets."""

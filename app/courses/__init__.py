"""What is taught: jenjang, kurikulum, diklat, angkatan, sesi."""

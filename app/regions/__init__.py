"""Wilayah by Kemendagri code: nation, provinsi, kabupaten/kota, kecamatan, desa/kelurahan."""

"""One file a sheet: what stands where and how it looks. XlsxWriter is used in this folder only."""

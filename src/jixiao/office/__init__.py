"""Files: workbooks and documents in, one sheet of typed cells out; lossless patching, safe saving, the guard in front."""

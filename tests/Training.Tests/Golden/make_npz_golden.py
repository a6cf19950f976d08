"""Writes the npz files that the reader is checked against, with numpy (any 1.x or 2.x). Run in this folder; the files are committed."""
import io
import zipfile

import numpy as np

arrays = dict(
    bytes=((np.arange(60) * 7) % 256).astype(np.uint8).reshape(3, 4, 5),
    singles=(np.arange(6, dtype=np.float32) / 4 - 1).reshape(2, 3),
    doubles=np.array([np.pi, -1e-3, 1e6]),
    longs=np.array([[-1, 2], [3, 4]], dtype=np.int64),
    ascii=np.array([b"blues.00012", b"rock"], dtype="S16"),
    unicode=np.array(["jazz", "hip-hop"]),
    scalar=np.array(5, dtype=np.uint8),
)
np.savez_compressed("npz_deflated.npz", **arrays)   # numpy streams entries: deflate, sizes behind the data, zip64 extra fields
np.savez("npz_stored.npz", **arrays)

# Every header in its zip64 form, as numpy writes for arrays of 4 GiB and more.
with zipfile.ZipFile("npz_zip64.npz", "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
    for name, array in arrays.items():
        with archive.open(zipfile.ZipInfo(name + ".npy", (2020, 1, 1, 0, 0, 0)), "w", force_zip64=True) as entry:
            np.lib.format.write_array(entry, array, version=(2, 0))

np.savez("npz_refused.npz", fortran=np.asfortranarray(np.ones((2, 3))), big=np.ones(2, dtype=">f4"), complex=np.ones(2, dtype=np.complex64))

# A set in gtzan-mel's layout: 4 clips of 3 bands and 5 frames.
np.savez_compressed(
    "npz_set.npz",
    mel=((np.arange(60) * 13) % 256).astype(np.uint8).reshape(4, 3, 5),
    label=np.array([1, 0, 1, 0], dtype=np.uint8),
    id=np.array([b"rock.00001", b"jazz.00002", b"rock.00003", b"jazz.00004"], dtype="S16"),
)

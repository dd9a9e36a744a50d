"""Pictures: files decoded into safe pixels, the samples, the store of uploads, and cropping to cells."""

from .crop import compute_crop_box, compute_cropped_size, crop_to_cells
from .decoding.decode import DecodedPicture, DecodeLimits
from .image_messages import IMAGE_MESSAGES
from .picture import Box, Picture, Pixels
from .picture_tasks import decode_in_new_process, make_picture_task
from .sample_writer import Credit, add_sample, make_sample_name
from .samples import Sample, Samples, load_samples
from .store.store import Store, StoreFull, UploadReceipt

__all__ = [
    "IMAGE_MESSAGES",
    "Box",
    "Credit",
    "DecodeLimits",
    "DecodedPicture",
    "Picture",
    "Pixels",
    "Sample",
    "Samples",
    "Store",
    "StoreFull",
    "UploadReceipt",
    "add_sample",
    "compute_crop_box",
    "compute_cropped_size",
    "crop_to_cells",
    "decode_in_new_process",
    "load_samples",
    "make_picture_task",
    "make_sample_name",
]

"""The catalogue of files of weights: every sentence by its code."""

from __future__ import annotations

from ..core.texts import add_catalogue

WEIGHTS_MESSAGES = add_catalogue(
    {
        # why a file is not shown, and parts of these sentences
        "weights_type": "{name} has the type {type}; weights can be {allowed}.",
        "weights_not_finite": "{count} of the {size} weights in {name} are not finite numbers.",
        "impossible_shape": "The shape of {name} is impossible.",
        "no_numbers": "{name} has no numbers: its shape is {shape}.",
        "layer_too_large": "{name} has {shape} numbers, {size}; the limit for a layer is {most} MB.",
        "weights_too_many_filters": "{name} has {count} filters; the limit is {most}.",
        "weights_truncated": "The file ends before its weights do: it is truncated or damaged.",
        "more_than_a_file": "far more than a file can contain",
        "whole_model": "This file contains a whole model ({name}). Opening it would run its code, so it was not "
        "opened. Only plain weights are read: in PyTorch, torch.save(model.state_dict(), …).",
        "unknown_object": "Opening this file would run {name}, so it was not opened. Only plain weights are read: in "
        "PyTorch, torch.save(model.state_dict(), …).",
        "convolutions_3d": "The convolutions in this file are 3-D, for videos or volumes; pictures need 2-D ones (K, "
        "C, h, w).",
        "no_arrays": "There are no arrays in this file.",
        "object_arrays": "There is no readable convolution in this file: its arrays are Python objects, which are not "
        "opened. np.savez('weights.npz', **arrays) saves a dictionary of plain arrays.",
        "optimizer_arrays": "There is no convolution in this file: its arrays with four axes belong to an optimizer, "
        "not to a model.",
        "no_four_axes": "There is no convolution in this file: none of its {count} arrays has four axes (K, C, h, w).",
        "unreadable_array": "{name} in this file is not a readable array.",
        "damaged_onnx": "The weights in this .onnx file are damaged.",
        "onnx_in_another_file": "The weights of this .onnx file are in another file, {name}: `convoscope models add` "
        "reads it if it is in the same folder; or save them as one file: onnx.save(onnx.load('…'), '…').",
        "onnx_too_large": "This .onnx file is too large; the limit is {most} MB.",
        "no_onnx_package": "Reading .onnx needs the package onnx, which is not installed: pip install "
        "'convoscope[onnx]'.",
        "onnx_package_not_loaded": "Reading .onnx needs the package onnx, which could not be loaded.",
        "pickle_instruction": "The pickle in this file has the instruction {name}, which no file of plain weights "
        "needs.",
        "pickle_too_long": "The pickle in this file is longer than {most} instructions.",
        "header_incomplete": "The file says that its header is {length} bytes long, but only {given} follow.",
        "header_too_long": "The file's header has {length} bytes; the limit is {most}.",
        "unreadable_header": "The file begins like safetensors, but its header cannot be read.",
        "impossible_position": "The position of {name} in the file is impossible.",
        "wrong_position": "{name} should be at bytes {first} to {last}; that does not fit its shape or the file.",
        "too_many_tensors": "There are more than {most} tensors in this file.",
        "torchscript_program": "This file is a TorchScript program, not plain weights: in PyTorch, "
        "torch.save(model.state_dict(), …).",
        "pickle_too_large": "The pickle in this file is larger than {most} MB.",
        "outside_storage": "{name} lies outside its storage, or too far inside it.",
        "damaged_pickle": "The pickle in this file is damaged.",
        "too_many_members": "The archive has {count} members; the limit is {most}.",
        "damaged_archive": "The archive is truncated, damaged or encrypted with a password.",
        "unknown_compression": "{name} in this archive is neither stored nor deflated.",
        "wrong_conv_option": "The {option} of this convolution is {value}; it can be {count} whole numbers from "
        "{least} to {most}.",
        "no_showable_layer": "There is no layer in this file that can be shown.",
        "computed_not_finite": "The weights computed from this file are not finite numbers.",
        "not_weights": "This is not a readable weights file. {supported}",
        "caffe_model": "This is a Caffe model, which is not supported: convert it to .onnx, or save its arrays with "
        "np.savez.",
        "matlab_file": "This is a MATLAB file (.mat), which is not supported: in Python, use scipy.io.loadmat and "
        "np.savez.",
        "gguf_file": "This is a GGUF file, as llama.cpp uses it, with weights of a language model. It is not "
        "supported.",
        "ggml_file": "This is a GGML file, with weights of a language model. It is not supported.",
        "pdf_document": "This is a PDF document, not a weights file.",
        "a_program": "This is a program, not a weights file.",
        "empty_weights_file": "This file is empty, so it is not a weights file: the download or the copy may have "
        "failed.",
        "core_ml_model": "This is a Core ML model, which is not supported: open the model that it was converted from.",
        "zip_with_weights": "This is a zip archive with {name} in it: unpack it, and open that file.",
        "picture_or_video": "This is a picture or a video (HEIC, AVIF or MP4), not a weights file.",
        "darknet_weights": "These are Darknet weights (YOLO), which do not contain their shapes: convert them to "
        ".onnx or PyTorch.",
        "msgpack_file": "This is a msgpack file, as Flax writes it, which is not supported: in Flax, save the weights "
        "with np.savez('weights.npz', **flatten_dict(params, sep='/')).",
        "index_of_files": "This is the index of a model in several files, not weights: open one, such as {name}.",
        "weights_memory": "Reading this file needs more memory than it may take.",
        "large_pickle": "This pickle is too large; the limit is {most} MB.",
        "not_an_address": "{url} is not an address that begins with http:// or https://.",
        "server_stopped": "The server stopped sending parts of the file.",
        "server_sent_fewer": "The server sent fewer bytes than were requested.",
        "server_answered": "The server answered {status} ({reason}) to {url}.",
        "not_fetched": "{url} could not be fetched: {reason}.",
        "whole_file_too_large": "The server sends only whole files, and this one is larger than {most} MB.",
        "broke_off": "{url} broke off after {size} bytes.",
        "a_size": "{megabytes} MB",
        "no_such_layer": "There is no layer {layer} in this file; there are {names}.",
        "no_such_layer_of_many": "There is no layer {layer} in this file; there are {names}, and {others} others.",
        "biases_name": "biases",
        "weights_name": "weights",
        "in_keras": "in Keras, save the weights with np.savez('weights.npz', *model.get_weights())",
        "in_tensorflow": "load the model in TensorFlow, and save its weights with np.savez('weights.npz', *[v.numpy() "
        "for v in model.variables])",
        "in_torch": "in PyTorch, save the weights with torch.save(model.state_dict(), 'weights.pth')",
        "hdf5_file": "This is an HDF5 file (.h5, as Keras writes it), which is not supported: {advice}.",
        "keras_model": "This is a Keras model (.keras), which is not supported: {advice}.",
        "saved_model": "This is a TensorFlow SavedModel, which is not supported: {advice}.",
        "frozen_graph": "This is a frozen TensorFlow graph (.pb), which is not supported: {advice}.",
        "picture_not_weights": "This is a picture ({format}), not a weights file: open it as a picture.",
        "packed_file": "This is {kind}, not a weights file: unpack it, and open the weights file in it.",
        "checkpoint_list": "This is the list of a TensorFlow checkpoint, not weights: {advice}.",
        "checkpoint_index": "This is the index of a TensorFlow checkpoint, not weights: {advice}.",
        "executorch_program": "This is an ExecuTorch program (.pte), which is not supported: {advice}.",
        "tflite_model": "This is a TensorFlow Lite model (.tflite), which is not supported: open the model that it "
        "was converted from, as .npz or .onnx.",
        "supported_weights": "Supported are .safetensors, .npz, .onnx and PyTorch state files (.pt, .pth).",
        "zip_archive": "This is a zip archive, not a weights file. {supported}",
        "zip_archive_with": "This is a zip archive, not a weights file; it contains {name}. {supported}",
        "text_file": "This is a text file, not a weights file. {supported}",
        "web_page": "This is a web page, not weights: download the file itself, not the page about it.",
        "web_page_with_title": "This is a web page (“{title}”), not weights: download the file itself, not the page "
        "about it.",
        "xml_file": "This is XML, not weights: perhaps the response of a server.",
        "xml_file_with_message": "This is XML (“{title}”), not weights: perhaps the response of a server.",
        "json_file": "This is JSON, not weights: perhaps the response of a server, or a model's configuration.",
        "json_file_with_message": "This is JSON (“{title}”), not weights: perhaps the response of a server, or a "
        "model's configuration.",
        "lfs_pointer": "This is a Git LFS pointer to the weights file, not weights: run git lfs pull, or download the "
        "file itself.",
        "lfs_pointer_of": "This is a Git LFS pointer to the weights file of {size} MB, not weights: run git lfs pull, "
        "or download the file itself.",
        "archive_gzip": "a gzip archive",
        "archive_bzip2": "a bzip2 archive",
        "archive_xz": "an xz archive",
        "archive_7z": "a 7z archive",
        "archive_rar": "a RAR archive",
        "archive_zstandard": "a Zstandard archive",
        "archive_lz4": "an LZ4 archive",
        "archive_tar": "a tar archive",
        "not_readable_weights": "This is not a readable weights file.",
        "weights_expected": "weights with a 2-D convolution",
        # notes and remarks on layers
        "unknown_preprocessing_note": "Pictures are scaled to 0 to 1; the file does not say with which mean and "
        "deviation the network was trained.",
        "guessed_stride_note": "The file does not give the stride; shown with stride {stride}, usual for filters of "
        "this size.",
        "tensorflow_order_note": "The file stores them as TensorFlow does, (h, w, C, K); here they are (K, C, h, w).",
        "dequantized_note": "Dequantized: the file stores whole numbers; the weights are (number − zero) · scale.",
        "before_quantization_note": "The weights before quantization, which the file contains.",
        "stride_spreads_note": "Its stride of {stride} spreads cells; shown with stride 1.",
        "same_padding_note": "The padding SAME depends on the picture's size; shown for sizes that the stride divides.",
        "remark_1d": "1-D convolution",
        "remark_transposed": "transposed convolution",
        "remark_groups": "{groups} groups",
        "dequantized_bits_note": "Dequantized: the file stores whole numbers of {bits} bits; the weights are (number "
        "− zero) · scale.",
        "transposed_note": "A transposed convolution: the network writes with these filters instead of reading. Their "
        "axes are reordered to (out, in, h, w); they are not flipped.",
        "note_1d": "A 1-D convolution, shown as filters of one row.",
        "remark_maybe_transposed": "may be of a transposed convolution",
        "remark_hwck": "reordered from (h, w, C, K)",
        "remark_khwc": "reordered from (K, h, w, C)",
        "remark_wck": "reordered from (w, C, K)",
        "remark_kwc": "reordered from (K, w, C)",
        "mlx_order_note": "The file stores them as MLX does, (K, h, w, C); here they are (K, C, h, w).",
        "one_channel_note": "Each filter reads one of {channels} channels (groups={groups}).",
        "bias_by_position_note": "The bias is {name}, which comes next in the file.",
        "weight_norm_note": "Weight norm computed: gain · direction / length.",
        "spectral_norm_note": "Spectral norm computed: the weights divided by their largest singular value, as the "
        "file has it.",
        "unknown_transform_note": "The file has {name}, but not how the network transforms it; shown as it is.",
        "pruning_note": "The pruning mask sets {count} of {size} {kind} to 0.",
        "skipped_note": "Skipped without running it: {names}.",
        "skipped_and_others_note": "Skipped without running it: {names} and others.",
        "two_remarks": "{first}, {second}",
    }
)

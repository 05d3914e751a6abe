#!/usr/bin/env python3
"""Prints ONNX node tests of one node each as text: onnx_attention.py FOLDER. Numbers are hexadecimal, hence exact.

    case NAME / attribute NAME VALUE / input|output NAME TYPE RANK DIMENSIONS... ELEMENTS...
"""

import pathlib
import sys

import onnx
from onnx import numpy_helper


def tensors(node_names, folder, kind):
    """What the node's slots hold; a slot without a name is absent and has no file."""
    for number, name in enumerate(name for name in node_names if name):
        tensor = onnx.TensorProto()
        tensor.ParseFromString((folder / f"{kind}_{number}.pb").read_bytes())
        array = numpy_helper.to_array(tensor)
        elements = " ".join(float(x).hex() for x in array.ravel())
        print(kind, name, array.dtype, array.ndim, *array.shape, elements)


for case in sorted(path.parent for path in pathlib.Path(sys.argv[1]).glob("*/model.onnx")):
    (node,) = onnx.load(str(case / "model.onnx")).graph.node
    print("case", case.name)
    for attribute in node.attribute:
        print("attribute", attribute.name, float(onnx.helper.get_attribute_value(attribute)).hex())
    tensors(node.input, case / "test_data_set_0", "input")
    tensors(node.output, case / "test_data_set_0", "output")

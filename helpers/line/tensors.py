"""Pack tensors of a question so that the same numbers always make the same bytes, as torch's own pickling does not."""

import torch
from torch import Tensor, nn


def reduce_tensor(tensor: Tensor) -> tuple:
    """Return what pickle needs in order to make the tensor anew, on the CPU or on the meta device."""
    plain = tensor.detach().as_subclass(Tensor)
    dtype, shape = str(plain.dtype).removeprefix("torch."), tuple(plain.shape)
    numbers = None if plain.is_meta else plain.cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes()
    more = {key: value for key, value in vars(tensor).items() if not key.startswith("__")} if _has_more(tensor) else {}
    return rebuild_tensor, (type(tensor), dtype, shape, numbers, tensor.requires_grad, more)


def _has_more(tensor: Tensor) -> bool:
    return type(tensor) not in (Tensor, nn.Parameter)


def rebuild_tensor(
    kind: type[Tensor], dtype: str, shape: tuple[int, ...], numbers: bytes | None, requires_grad: bool, more: dict
) -> Tensor:
    """Make the tensor that `reduce_tensor` took apart."""
    torch_dtype = getattr(torch, dtype)
    if numbers is None:
        tensor = torch.empty(shape, dtype=torch_dtype, device="meta")
    elif numbers:
        tensor = torch.frombuffer(bytearray(numbers), dtype=torch_dtype).reshape(shape)
    else:
        tensor = torch.empty(shape, dtype=torch_dtype)
    if issubclass(kind, nn.Parameter):
        return nn.Parameter(tensor, requires_grad=requires_grad)
    if kind is not Tensor:
        tensor = tensor.as_subclass(kind)
        vars(tensor).update(more)
    return tensor.requires_grad_(requires_grad)

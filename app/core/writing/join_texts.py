"""The texts of joins: a sum whose terms add up as they are written, a product, or a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..number_text import add_plus_sign, format_number, is_text_full
from ..trace.denominators import round_to_multiple
from ..trace.trace import Stage
from .amounts import read_amount
from .decimals import ZERO, Amount, is_written_in_full, write_units
from .step_texts import ChannelTexts, StepTexts
from .weighted_texts import write_ends
from .window_texts import write_single
from .written_sum import StepSum, write_sum


def write_join(stage: Stage, reads: Sequence[Stage], step: Mapping[str, Any]) -> StepTexts:
    """A join; `reads` are the stages of its terms."""
    if stage.info.operation.join == "concat":
        return write_single(stage, reads[0], step)
    terms = [read_amount(read, term["value"]) for read, term in zip(reads, step["terms"], strict=True)]
    result = read_amount(stage, step["result"])
    return _write_product(terms, result) if stage.info.operation.join == "mul" else _write_sum(terms, result, stage)


def _write_sum(terms: Sequence[Amount], result: Amount, stage: Stage) -> StepTexts:
    """Each term has its sign, and they add up to the result as they are written."""
    denominator = stage.info.denominator
    total = sum(term.value for term in terms)
    exact = Amount(round_to_multiple(total, denominator), True) if denominator else Amount(total, result.is_exact)
    sums = write_sum(StepSum([terms], exact, 1, ZERO, result, [[True] * len(terms)]))
    texts = [
        write_units(units, sums.format, is_written_in_full(term, sums.format))
        for term, units in zip(terms, sums.terms[0], strict=True)
    ]
    ends = write_ends(sums, ZERO, "", result, 1)
    return StepTexts(
        tuple(ChannelTexts(((text,),), sum=add_plus_sign(text)) for text in texts),
        sum=ends.sum,
        is_sum_exact=ends.is_sum_exact,
        rounding=ends.rounding,
        result=ends.result,
        is_result_exact=ends.is_result_exact,
    )


def _write_product(factors: Sequence[Amount], result: Amount) -> StepTexts:
    """Each factor has its own four digits."""
    is_exact = all(factor.is_exact and is_text_full(factor.value) for factor in factors) or ZERO in factors
    text = format_number(result.value)
    return StepTexts(
        tuple(ChannelTexts(((format_number(factor.value),),)) for factor in factors),
        sum=text,
        result=text,
        is_sum_exact=is_exact and is_text_full(result.value),
        is_result_exact=is_exact and is_text_full(result.value),
    )

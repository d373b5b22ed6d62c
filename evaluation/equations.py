"""Systems of linear equations in whole numbers, solved exactly; pure.

J. D. Dixon, *Exact solution of linear equations using p-adic expansions* (1982): invert the matrix modulo one prime,
work the solution out digit by digit in the number system of that prime, and read the fractions off. The digits are
small whole numbers, so that NumPy does the work; a system of sixty takes milliseconds where elimination in whole
numbers of hundreds of digits takes half a second. How many digits are enough is known beforehand, by Cramer's rule and
Hadamard's inequality, so that the answer is proven and not tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]  # of 64 bits where everything fits, else of Python's own whole numbers
LARGEST = 2**63 - 1
LARGEST_PRIME = 2**25  # two remainders multiplied stay below 2⁵², a thousand such products below 2⁶³


def kind_for(largest: int) -> type[Any]:
    """Return the kind of number in which nothing up to ``largest`` overflows."""
    return np.int64 if largest <= LARGEST else object


def solved(rows: Numbers, right: Sequence[int]) -> tuple[list[int], int]:
    """Return the numerators of the one solution of ``rows · x = right``, and their common denominator.

    ``rows`` is a regular square matrix of whole numbers, at most 2,000 by 2,000, each below 2⁶²; raises ``ValueError``
    when it is singular.
    """
    if not len(rows):
        return [], 1
    columns = [math.isqrt(sum(int(value) ** 2 for value in column)) + 1 for column in rows.T]
    most_below = math.prod(columns)
    most_above = most_below * (math.isqrt(sum(value * value for value in right)) + 1)
    prime, inverse = _inverse(rows, most_below)
    digits = _digits(rows, right, prime, inverse, 2 * most_above * most_below)
    modulus = prime ** len(digits)
    residues = [0] * len(rows)
    for row in reversed(digits):
        residues = [residue * prime + digit for residue, digit in zip(residues, row, strict=True)]
    return _fractions(residues, modulus, most_above)


def _inverse(rows: Numbers, most_below: int) -> tuple[int, Numbers]:
    """Return a prime that the determinant, at most ``most_below``, has not, and the inverse modulo it."""
    tried = 1
    for prime in _primes():
        inverse = _inverse_modulo(rows, prime)
        if inverse is not None:
            return prime, inverse
        tried *= prime
        if tried > most_below:  # more primes than the determinant has room for: it is zero
            break
    raise ValueError("the equations have no single solution")


def _primes() -> Iterator[int]:
    """Yield primes downwards from the largest that is used."""
    return (number for number in range(LARGEST_PRIME - 1, math.isqrt(LARGEST_PRIME), -2) if _is_prime(number))


@lru_cache(maxsize=64)
def _is_prime(odd: int) -> bool:
    return all(odd % factor for factor in range(3, math.isqrt(odd) + 1, 2))


def _inverse_modulo(rows: Numbers, prime: int) -> Numbers | None:
    """Return the inverse modulo a prime (Gauss and Jordan), ``None`` where there is none.

    Remainders of whole numbers below 2⁵³ are exact in floating point, and several times as fast there. A quotient that
    was rounded the wrong way leaves a remainder that is one prime off, between -p and 2p: still below 2⁵³ when two of
    them are multiplied, and a true zero is zero always, for its quotient is a whole number.
    """
    count = len(rows)
    work = np.concatenate([(rows % prime).astype(np.float64), np.eye(count)], axis=1)
    for step in range(count):
        candidates = np.flatnonzero(work[step:, step])
        if not len(candidates):
            return None
        pivot = step + int(candidates[0])
        work[[step, pivot]] = work[[pivot, step]]
        work[step] = _remainders(work[step] * float(pow(int(work[step, step]), -1, prime)), prime)
        factors = work[:, step].copy()
        factors[step] = 0
        work = _remainders(work - factors[:, None] * work[step], prime)
    return work[:, count:].astype(np.int64) % prime


def _remainders(values: Numbers, prime: int) -> Numbers:
    remainders: Numbers = values - np.floor(values / prime) * prime
    return remainders


def _digits(rows: Numbers, right: Sequence[int], prime: int, inverse: Numbers, enough: int) -> list[list[int]]:
    """Return the digits of the solution, the lowest first, until they tell ``enough`` numbers apart."""
    widest = len(rows) * prime * int(abs(rows).max())
    kind = kind_for(widest + max(map(abs, right)))
    matrix, rest = rows.astype(kind), np.array(right, dtype=kind)
    digits, told_apart = [], 1
    while told_apart <= enough:
        digit = inverse @ (rest % prime).astype(np.int64) % prime
        digits.append(digit.tolist())
        rest = (rest - matrix @ digit.astype(kind)) // prime
        told_apart *= prime
    return digits


def _fractions(residues: Sequence[int], modulus: int, most_above: int) -> tuple[list[int], int]:
    """Return the numbers that leave these residues, as numerators above one denominator.

    Each is one whole number above the denominator so far, or else says what is missing in it.
    """
    below = 1
    above: list[int] = []
    for residue in residues:
        number = _centred(residue * below, modulus)
        if abs(number) > most_above:
            number, more = _fraction(number % modulus, modulus, most_above)
            below, above = below * more, [value * more for value in above]
        above.append(number)
    return above, below


def _centred(residue: int, modulus: int) -> int:
    number = residue % modulus
    return number - modulus if 2 * number > modulus else number


def _fraction(residue: int, modulus: int, most_above: int) -> tuple[int, int]:
    """Return the fraction with a small numerator that leaves this residue (Euclid's algorithm, left halfway)."""
    before, now, factor_before, factor = modulus, residue, 0, 1
    while now > most_above:
        quotient = before // now
        before, now = now, before - quotient * now
        factor_before, factor = factor, factor_before - quotient * factor
    return (now, factor) if factor > 0 else (-now, -factor)

/** Vectors in the patient's axes (LPS, mm): x to the left, y to the back, z to the head. */
export type Vector = readonly [number, number, number];

export function plus(a: Vector, b: Vector, times = 1): Vector {
  return [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]];
}

export function minus(a: Vector, b: Vector): Vector {
  return plus(a, b, -1);
}

export function times(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vector): number {
  return Math.hypot(...a);
}

/** Of length one; a vector without length stays as it is. */
export function unit(a: Vector): Vector {
  const size = length(a);
  return size > 0 ? times(a, 1 / size) : a;
}

export function middle(a: Vector, b: Vector): Vector {
  return times(plus(a, b), 0.5);
}

export function vectorOf(numbers: readonly number[] | null, from = 0): Vector | null {
  if (numbers === null) return null;
  const [x, y, z] = numbers.slice(from, from + 3);
  if (x === undefined || y === undefined || z === undefined) return null;
  return [x, y, z].every(Number.isFinite) ? [x, y, z] : null;
}

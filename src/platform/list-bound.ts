/**
 * How far a list is counted and gone through: nobody turns twenty pages, and the count of a million would cost more than the page.
 * A `total` of one more says "more than that".
 */
export const LIST_BOUND = 1_000

/** Rows that are looked for: what is shown, and one that says that there is more. */
export const LIST_WINDOW = LIST_BOUND + 1

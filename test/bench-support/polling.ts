const LOOK_EVERY_MS = 20

/** Asks again and again until the answer is none to complain of; throws with the last complaint after `withinMs`. */
export async function untilFine(
  withinMs: number,
  look: () => string | undefined | Promise<string | undefined>,
  everyMs = LOOK_EVERY_MS,
): Promise<void> {
  const endMs = performance.now() + withinMs
  for (;;) {
    const complaint = await look()
    if (complaint === undefined) return
    if (performance.now() > endMs) throw new Error(complaint)
    await new Promise((resolve) => setTimeout(resolve, everyMs)) // nobody tells, it has to be asked
  }
}

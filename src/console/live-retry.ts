const FIRST_RETRY_MS = 200
const QUICK_RETRIES = 8
const LONGEST_RETRY_MS = 3_000

/**
 * Eight times 0.2 s, for a service that is replaced is back within the second; then 0.4, 0.8, 1.6, 3 s … Each less up to a fifth, so
 * that forty consoles do not come back in one instant.
 */
export function retryDelayMs(attempt: number, random: number): number {
  const doublings = Math.max(0, attempt - QUICK_RETRIES + 1)
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** doublings) * (1 - random / 5)
}

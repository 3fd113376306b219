import { AppError } from '../platform/errors.ts'

/** Settles as `promise` does, or throws `unavailable` with `code` after `ms`. What the promise does later is ignored. */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  failure: { readonly code: string; readonly message: string },
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new AppError('unavailable', failure.code, failure.message))
  }, ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

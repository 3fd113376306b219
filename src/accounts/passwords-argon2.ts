import { hash, verify } from '@node-rs/argon2'
import type { PasswordHasher } from './service.ts'

/** Argon2id with OWASP's minimum of 19 MiB and two passes; runs on libuv's threads. */
export function createPasswordHasher(): PasswordHasher {
  const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
  return {
    hash: (password) => hash(password.normalize('NFC'), options),
    verify: (stored, password) => verify(stored, password.normalize('NFC')),
  }
}

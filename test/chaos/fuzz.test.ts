import { describe, expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

describe('damaged bytes from the PBX', () => {
  it('crash and hang no decoder, and never tell a call what belongs to another (npm run chaos -- --fuzz for a million)', async () => {
    const inputs = 4_000
    const report = await fuzz({ inputs, seed: 5 })
    expect(report.problems).toEqual([])
    // Damage that is always refused at the door tests nothing behind it.
    for (const count of Object.values(report.understood)) expect(count).toBeGreaterThan(inputs / 20)
  })
})

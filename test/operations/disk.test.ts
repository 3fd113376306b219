import { describe, expect, it } from 'vitest'
import type { DiskState } from '../../src/operations/contract.ts'
import { createDisk } from '../../src/operations/disk.ts'
import { diskAfter } from '../../src/operations/disk-policy.ts'

const MIB = 1_024 * 1_024
const SILENT = { warn: () => undefined, error: () => undefined }

describe('room on the disk', () => {
  it.each<[DiskState, number, DiskState]>([
    ['ok', 5_000, 'ok'],
    ['ok', 2_047, 'low'],
    ['ok', 511, 'full'],
    ['low', 2_100, 'low'],
    ['low', 2_200, 'ok'],
    ['full', 600, 'full'],
    ['full', 700, 'low'],
    ['full', 5_000, 'ok'],
  ])('%s with %d MiB left is then %s: no flapping at the edge', (before, mib, after) => {
    expect(diskAfter(before, mib * MIB)).toBe(after)
  })

  it('is that of the fullest disk; a folder that cannot be looked at changes nothing', async () => {
    const left: Record<string, number | undefined> = { a: 9_000 * MIB, b: 9_000 * MIB }
    const told: DiskState[] = []
    const disk = createDisk({
      folders: { data: 'a', recordings: 'b' },
      onChange: (state) => told.push(state),
      log: SILENT,
      freeBytes: async (path) => {
        const bytes = left[path]
        if (bytes === undefined) throw new Error('EACCES')
        return bytes
      },
    })
    await disk.look()
    expect(() => {
      disk.mustTake()
    }).not.toThrow()
    left['b'] = 100 * MIB
    await disk.look()
    expect(disk.state()).toBe('full')
    expect(() => {
      disk.mustTake()
    }).toThrow(expect.objectContaining({ code: 'DISK_FULL', kind: 'unavailable' }))
    left['b'] = undefined
    await disk.look()
    expect(disk.state()).toBe('full')
    left['b'] = 9_000 * MIB
    await disk.look()
    expect(told).toEqual(['full', 'ok'])
  })
})

import { inStretches } from '../db/in-stretches.ts'
import type { Db } from '../db/open.ts'

/** How many originals and copies there are, and what they take. Bytes. */
export interface ArchiveCounts {
  readonly originals: { readonly count: number; readonly sizeBytes: number }
  readonly copies: { readonly count: number; readonly sizeBytes: number }
  /** Originals that go by rule next, unless something keeps them. */
  readonly announced: { readonly count: number; readonly sizeBytes: number }
  readonly unfit: number
}

type Counted = Record<(typeof COUNTED)[number], number>

const COUNTED = [
  'originals',
  'originalBytes',
  'copies',
  'copyBytes',
  'announced',
  'announcedBytes',
  'unfit',
] as const
const NOTHING: Counted = {
  originals: 0,
  originalBytes: 0,
  copies: 0,
  copyBytes: 0,
  announced: 0,
  announcedBytes: 0,
  unfit: 0,
}

export type ArchiveStore = ReturnType<typeof createArchiveStore>

/** Which recordings are copied for the archive next, and which originals go. */
export function createArchiveStore({ raw }: Pick<Db, 'raw'>) {
  const toCopy = raw
    .prepare<[number, string]>(
      `SELECT id FROM recordings INDEXED BY recordings_to_copy
        WHERE state = 'stored' AND archive_state IS NULL AND id > ? AND settled_at < ? ORDER BY id LIMIT 1`,
    )
    .pluck()
  const halfDropped = raw
    .prepare<[]>(
      `SELECT id FROM recordings INDEXED BY recordings_to_drop
        WHERE archive_state = 'dropped' AND original_removed_at IS NULL ORDER BY id LIMIT 200`,
    )
    .pluck()
  const lastId = raw.prepare<[]>('SELECT coalesce(max(id), 0) FROM recordings').pluck()
  const counts = raw.prepare<[number, number], Counted>(
    `SELECT
        coalesce(sum(archive_state IS NOT 'dropped'), 0) AS originals,
        coalesce(sum(CASE WHEN archive_state IS NOT 'dropped' THEN size_bytes END), 0) AS originalBytes,
        coalesce(sum(archive IS NOT NULL), 0) AS copies,
        coalesce(sum(archive ->> '$.sizeBytes'), 0) AS copyBytes,
        coalesce(sum(drop_announced_at IS NOT NULL AND archive_state = 'made'), 0) AS announced,
        coalesce(sum(CASE WHEN drop_announced_at IS NOT NULL AND archive_state = 'made' THEN size_bytes END), 0)
          AS announcedBytes,
        coalesce(sum(archive_state = 'unfit'), 0) AS unfit
      FROM recordings WHERE state = 'stored' AND id BETWEEN ? AND ?`,
  )
  return {
    /** The next without a copy, settled before then. */
    nextToCopy: (afterId: number, settledBefore: string): number | undefined =>
      toCopy.get(afterId, settledBefore) as number | undefined,
    /** Originals that chain and row say are gone, and whose file nobody has seen going. */
    halfDropped: (): number[] => halfDropped.all() as number[],
    /** A look at every recording there is: a quarter of a second of a million, in turns with all else. */
    async counts(): Promise<ArchiveCounts> {
      const sum = { ...NOTHING }
      await inStretches(lastId.get() as number, (fromId, toId) => {
        const found = counts.get(fromId, toId) ?? NOTHING
        for (const name of COUNTED) sum[name] += found[name]
      })
      return {
        originals: { count: sum.originals, sizeBytes: sum.originalBytes },
        copies: { count: sum.copies, sizeBytes: sum.copyBytes },
        announced: { count: sum.announced, sizeBytes: sum.announcedBytes },
        unfit: sum.unfit,
      }
    },
  }
}

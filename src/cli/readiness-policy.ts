/** What /readyz says, read by whoever starts the service. `parts` are the service's own words: `ami down, ari connecting`. */
export type Verdict =
  | { readonly type: 'ready' }
  /** Calls are taken; what is said of them cannot be filed. `problem` is the service's word for why. */
  | { readonly type: 'readyWithoutRecordings'; readonly problem: string }
  | { readonly type: 'away'; readonly parts: string }

/** A PBX that answers citizens is worth more than their recordings: those alone never keep a copy from starting. */
export function judgeReadiness(
  answer: { readonly status: number; readonly body: string } | undefined,
): Verdict {
  if (answer === undefined) return { type: 'away', parts: 'it does not answer' }
  if (answer.status === 200) return { type: 'ready' }
  const parts = partsAway(answer.body)
  if (parts === undefined) return { type: 'away', parts: answer.body.slice(0, 200) }
  const [first] = parts
  if (parts.length === 1 && first?.[0] === 'recordings') {
    return { type: 'readyWithoutRecordings', problem: first[1] }
  }
  return { type: 'away', parts: parts.map(([name, state]) => `${name} ${state}`).join(', ') }
}

/** What a person is told whose copy runs without filing recordings, and what to do about it. */
export function recordingsWarning(problem: string, folder: string): string {
  const why = PROBLEMS[problem] ?? { what: problem, remedy: 'See the log of the service' }
  return [
    `Warning: calls are taken, but their recordings cannot be filed: ${why.what} (recordings folder ${folder}).`,
    `${why.remedy}; "npm run tongdai -- doctor" in another terminal tells more.`,
  ].join(' ')
}

const PROBLEMS: Readonly<Record<string, { readonly what: string; readonly remedy: string }>> = {
  diskFull: {
    what: 'the disk is nearly full',
    remedy: 'Free space on it, or name a folder on a larger disk with RECORDINGS_DIR',
  },
  folderUnwritable: {
    what: 'the folder cannot be written',
    remedy: 'Give this user the right to write there, or name another folder with RECORDINGS_DIR',
  },
  folderForeign: {
    what: 'the folder has the mark of another installation',
    remedy: 'Name a folder of its own with RECORDINGS_DIR',
  },
  folderElsewhere: {
    what: 'the folder is not the one that recordings were filed in',
    remedy: 'Mount the disk that holds them, or correct RECORDINGS_DIR',
  },
  pbxFolderAway: {
    what: "the PBX's folder cannot be read",
    remedy: 'Mount it, or correct PBX_RECORDING_DIR',
  },
}

/** Without these the service is not ready; what else it says is news for a person. */
const NEEDED = ['ami', 'ari', 'database', 'recordings']

/** Parts that are needed and not up, with their state; undefined for an answer that is not the service's. */
function partsAway(body: string): (readonly [string, string])[] | undefined {
  try {
    const { parts } = JSON.parse(body) as { readonly parts?: Readonly<Record<string, string>> }
    if (parts === undefined) return undefined
    return Object.entries(parts).filter(([name, state]) => state !== 'up' && NEEDED.includes(name))
  } catch {
    return undefined // something else answers on that port
  }
}

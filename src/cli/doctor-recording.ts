import { randomUUID } from 'node:crypto'
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { valueOf } from './doctor-ami.ts'
import { askAri } from './doctor-ari.ts'
import { type Check, failed, ok, opened, type Outcome, type Patient } from './doctor-check.ts'

/** The scripted voice takes a moment to begin, then a second is recorded. */
const RECORD_WITHIN_MS = 8_000

/** Whether a recording the PBX makes arrives where the service looks for it. */
export const RECORDING_CHECK: Check = {
  id: 'recordingFolder',
  needs: ['globals', 'dialplan', 'amiEvents', 'ariLogin'],
  run: checkRecording,
}

/** A second of the scripted operator's voice is recorded into HOTLINE_RECORDINGS and looked for, then taken away. */
async function checkRecording({ ami: lines, config: known }: Patient): Promise<Outcome> {
  const [ami, config] = [opened(lines), opened(known)]
  const folder = await valueOf(ami, 'HOTLINE_RECORDINGS')
  const name = `doctor-${randomUUID()}`
  const channel = `listen-${randomUUID()}`
  const over = ami.waitFor(
    (event) => event['Event'] === 'Hangup' && event['Uniqueid'] === channel,
    RECORD_WITHIN_MS,
  )
  const [ended] = await Promise.allSettled([
    over,
    ami.send('Originate', {
      Channel: 'Local/answer@hotline-robot/n',
      Application: 'Record',
      Data: `${folder}/${name}.wav,0,1,q`,
      ChannelId: channel,
      OtherChannelId: `speak-${randomUUID()}`,
      Timeout: '5000',
      Async: 'true',
    }),
  ])
  if (ended.status === 'rejected') return failed('recordingNotMade', { folder })
  const shared = config.pbxRecordingDir === null ? undefined : join(config.pbxRecordingDir, `${name}.wav`)
  try {
    const { status } = await askAri(config, 'GET', `/recordings/stored/${name}`)
    const isStored = status === 200
    const isShared = shared !== undefined && (await exists(shared))
    if (shared !== undefined) {
      if (isShared) return ok(config.pbxRecordingDir ?? '')
      return isStored
        ? failed('recordingNotShared', { folder, shared: config.pbxRecordingDir ?? '' })
        : failed('recordingNowhere', { folder, name })
    }
    return isStored ? ok(`ARI, ${folder}`) : failed('recordingNotInAri', { folder, name })
  } finally {
    await askAri(config, 'DELETE', `/recordings/stored/${name}`)
    if (shared !== undefined) await rm(shared, { force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

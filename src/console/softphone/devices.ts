import { signal } from '@preact/signals'
import type { MicrophoneProblem } from './phone-machine.ts'

export const DEVICE_ROLES = ['microphone', 'speaker', 'ringer'] as const
export type DeviceRole = (typeof DEVICE_ROLES)[number]

export interface SoundDevice {
  readonly id: string
  readonly label: string
}

/** Devices the machine offers, per direction; labels are empty until the microphone was allowed once. */
export const soundDevices = signal<{
  readonly inputs: readonly SoundDevice[]
  readonly outputs: readonly SoundDevice[]
}>({
  inputs: [],
  outputs: [],
})

/** The operator's choice; empty means the system's default. */
export const chosenDevices = signal<Readonly<Record<DeviceRole, string>>>({
  microphone: '',
  speaker: '',
  ringer: '',
})

const STORAGE_KEY = 'sound-devices'

/** Reads the remembered choice and what is plugged in, and follows both. */
export async function followDevices(storage: Storage, media: MediaDevices | undefined): Promise<void> {
  const kept = storage.getItem(STORAGE_KEY)
  if (kept !== null)
    chosenDevices.value = { ...chosenDevices.value, ...(JSON.parse(kept) as Record<string, string>) }
  if (media === undefined) return // no secure context: the panel says so
  media.addEventListener('devicechange', () => void listDevices(media))
  await listDevices(media)
}

/** Takes stock again; also needed after the first permission, when labels appear. */
export async function listDevices(media: MediaDevices): Promise<void> {
  const all = await media.enumerateDevices()
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
      .map((device) => ({ id: device.deviceId, label: device.label }))
  soundDevices.value = { inputs: of('audioinput'), outputs: of('audiooutput') }
}

/** Remembers a choice on this machine. */
export function chooseDevice(storage: Storage, role: DeviceRole, id: string): void {
  chosenDevices.value = { ...chosenDevices.value, [role]: id }
  storage.setItem(STORAGE_KEY, JSON.stringify(chosenDevices.value))
}

/** Opens the chosen microphone; a device that was unplugged falls back to the default one. */
export async function openMicrophone(
  media: MediaDevices | undefined,
): Promise<MediaStream | MicrophoneProblem> {
  if (media === undefined) return 'insecure'
  const chosen = chosenDevices.value.microphone
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  }
  try {
    return await media.getUserMedia({
      audio: chosen === '' ? audio : { ...audio, deviceId: { ideal: chosen } },
    })
  } catch (cause) {
    return problemOf(cause)
  }
}

/** The browser's reason in our words (Media Capture and Streams §10.2). */
export function problemOf(cause: unknown): MicrophoneProblem {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  return 'denied'
}

/** Plays through the chosen output where the browser can choose one. */
export async function routeOutput(element: HTMLAudioElement, deviceId: string): Promise<void> {
  if (!('setSinkId' in element)) return
  try {
    await element.setSinkId(deviceId)
  } catch {
    await element.setSinkId('') // unplugged meanwhile: the default output is better than silence
  }
}

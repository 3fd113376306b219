/** An event of the PBX as it came; everything but its type is unknown until somebody checks it. */
export interface AriEvent {
  readonly type: string
  readonly [field: string]: unknown
}

/** Every event a Stasis application can be told of (Asterisk 22 rest-api/api-docs/events.json). */
export const ARI_EVENTS = [
  'ApplicationMoveFailed',
  'ApplicationRegistered',
  'ApplicationReplaced',
  'BridgeAttendedTransfer',
  'BridgeBlindTransfer',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'BridgeVideoSourceChanged',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDestroyed',
  'ChannelDialplan',
  'ChannelDtmfReceived',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelHold',
  'ChannelLeftBridge',
  'ChannelStateChange',
  'ChannelTalkingFinished',
  'ChannelTalkingStarted',
  'ChannelToneDetected',
  'ChannelTransfer',
  'ChannelUnhold',
  'ChannelUserevent',
  'ChannelVarset',
  'ContactStatusChange',
  'DeviceStateChanged',
  'Dial',
  'EndpointStateChange',
  'PeerStatusChange',
  'PlaybackContinuing',
  'PlaybackFinished',
  'PlaybackStarted',
  'RecordingFailed',
  'RecordingFinished',
  'RecordingStarted',
  'StasisEnd',
  'StasisStart',
  'TextMessageReceived',
] as const

/** One WebSocket message to an event; undefined for anything else, be it cut, foreign or of an unknown type (R3). */
export function parseAriEvent(text: string, known: ReadonlySet<string>): AriEvent | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined // the next message is whole again; which one was lost, only a resync could tell
  }
  if (typeof parsed !== 'object' || parsed === null || !('type' in parsed)) return undefined
  const { type } = parsed
  return typeof type === 'string' && known.has(type) ? (parsed as AriEvent) : undefined
}

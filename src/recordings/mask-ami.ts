import type { AmiClient } from '../asterisk/ami-client.ts'

/** MixMonitorMute on the citizen's channel: silence in both files, whose length goes on (Asterisk main/audiohook.c). */
export function createMaskMute(ami: Pick<AmiClient, 'action'>) {
  return async (callId: string, muted: boolean): Promise<void> => {
    // A channel is found by its unique id too.
    await ami.action({
      Action: 'MixMonitorMute',
      Channel: callId,
      Direction: 'both',
      State: muted ? '1' : '0',
    })
  }
}

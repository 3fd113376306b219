import type { Api } from '../api.ts'
import { t } from '../i18n/translate.ts'
import type { Deed } from '../ui/reason-dialog.tsx'

type Keeper = Pick<Api, 'placeHold' | 'askDeletion'>

/** Of one recording; its case is held by its code. */
export function holdRecording(api: Keeper, recordingId: number): Deed {
  return {
    title: t('retention.hold'),
    what: t('retention.holdWhat', { what: t('auditSubject.recording', { id: recordingId }) }),
    done: t('retention.held'),
    run: (reason) => api.placeHold({ recordingId, reason }),
  }
}

export function holdCase(api: Keeper, ticketCode: string): Deed {
  return {
    title: t('retention.hold'),
    what: t('retention.holdWhat', { what: t('retention.allOf', { code: ticketCode }) }),
    done: t('retention.held'),
    run: (reason) => api.placeHold({ ticketCode, reason }),
  }
}

export function deleteEarly(api: Keeper, recordingId: number): Deed {
  return {
    title: t('retention.ask'),
    what: t('retention.askWhat', { what: t('auditSubject.recording', { id: recordingId }) }),
    done: t('retention.asked'),
    run: (reason) => api.askDeletion(recordingId, { reason }),
  }
}

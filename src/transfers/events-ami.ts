import type { AmiEvent } from '../asterisk/ami-client.ts'
import { goneNews } from './leg-news.ts'
import type { LegNews } from './service.ts'

/** What AMI says of legs: that one is gone, and what an agency's phone did. Every field may be missing or wrong. */
export function newsOfAmi({ name, fields }: AmiEvent): LegNews | undefined {
  if (name === 'Hangup') return goneNews(fields['uniqueid'], fields['cause'])
  if (name !== 'UserEvent' || fields['userevent'] !== 'Hotline' || fields['stage'] !== 'agency')
    return undefined
  const leg = fields['leg']
  const word = fields['word']
  if (leg === undefined || (word !== 'answered' && word !== 'notAccepted')) return undefined
  return { type: word, leg }
}

import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'

const TONES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const
const NAMES: Readonly<Partial<Record<string, 'phone.star' | 'phone.hash'>>> = {
  '*': 'phone.star',
  '#': 'phone.hash',
}

/** Tones for menus of other exchanges; digits typed while the pad has the focus are sent too. */
export function Keypad({ onTone }: { readonly onTone: (tone: string) => void }) {
  const [sent, setSent] = useState('')
  const press = (tone: string): void => {
    onTone(tone)
    setSent((before) => (before + tone).slice(-16))
  }
  return (
    <div
      class="keypad"
      role="group"
      aria-label={t('phone.keypad')}
      onKeyDown={(event) => {
        if (TONES.some((tone) => tone === event.key)) press(event.key)
      }}
    >
      <output class="keypad-sent" aria-label={t('phone.tonesSent')}>
        {sent}
      </output>
      {TONES.map((tone) => {
        const name = NAMES[tone]
        return (
          <button
            key={tone}
            type="button"
            class="key"
            aria-label={name === undefined ? tone : t(name)}
            onClick={() => {
              press(tone)
            }}
          >
            {tone}
          </button>
        )
      })}
    </div>
  )
}

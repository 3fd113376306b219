import { t } from '../i18n/translate.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Chips, Field } from '../ui/field.tsx'

const orNull = (text: string): string | null => (text === '' ? null : text)

/** Who reports (R014, R038): a person, or a person for an organisation. */
export function ReporterFields({ editor }: { readonly editor: TicketEditor }) {
  const reporter = editor.form.value.reporter
  return (
    <fieldset class="group">
      <legend>{t('reporter.title')}</legend>
      <Chips
        legend={t('reporter.type')}
        hideLegend
        value={reporter.type}
        options={[
          { value: 'individual', label: t('reporter.individual') },
          { value: 'organisation', label: t('reporter.isOrganisation') },
        ]}
        onChange={(type) => {
          editor.editReporter({ type })
        }}
      />
      {reporter.type === 'organisation' && (
        <Field
          label={t('reporter.organisation')}
          name="reporter.organisation"
          value={reporter.organisation ?? ''}
          onInput={(organisation) => {
            editor.editReporter({ organisation: orNull(organisation) })
          }}
          maxLength={160}
        />
      )}
      <div class="row">
        <Field
          label={t('reporter.name')}
          name="reporter.name"
          value={reporter.name}
          onInput={(name) => {
            editor.editReporter({ name })
          }}
          maxLength={120}
          required
        />
        <Field
          label={t('reporter.phone')}
          name="reporter.phone"
          type="tel"
          value={reporter.phone ?? ''}
          onInput={(phone) => {
            editor.editReporter({ phone: orNull(phone) })
          }}
          maxLength={32}
        />
      </div>
      <div class="row">
        <Field
          label={t('reporter.address')}
          name="reporter.address"
          value={reporter.address ?? ''}
          onInput={(address) => {
            editor.editReporter({ address: orNull(address) })
          }}
          maxLength={240}
        />
        <Field
          label={t('reporter.email')}
          name="reporter.email"
          type="email"
          value={reporter.email ?? ''}
          onInput={(email) => {
            editor.editReporter({ email: orNull(email) })
          }}
          maxLength={160}
        />
      </div>
    </fieldset>
  )
}

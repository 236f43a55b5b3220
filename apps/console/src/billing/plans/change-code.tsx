import { useMutation } from '@tanstack/react-query'
import type { RouterInputs } from '@tollgate/client'
import { queryClient, trpc } from '../../api.ts'
import { Field } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { t } from '../../texts/catalogue.ts'
import { usePromotionCode } from '../checkout/use-promotion-code.ts'

const words = t.changes.code

interface ChangeCodeProps {
  /** The change without a code. */
  input: RouterInputs['billing']['subscriptions']['previewChange']
  /** The code that the shown amounts are with. */
  code: string | undefined
  onChange: (code: string | undefined) => void
}

/** A promotion code for a change that takes effect at once. It counts only once the amounts with it are known. */
export function ChangeCode({ input, code, onChange }: ChangeCodeProps) {
  const linked = usePromotionCode()
  const preview = useMutation({
    mutationFn: (promotionCode: string) =>
      queryClient.query(trpc.billing.subscriptions.previewChange.queryOptions({ ...input, promotionCode })),
    onSuccess: (_, promotionCode) => onChange(promotionCode),
  })
  if (code !== undefined) {
    return (
      <p>
        {words.applied(code)}{' '}
        <button type="button" className="button button-quiet button-small" onClick={() => onChange(undefined)}>
          {words.remove}
        </button>
      </p>
    )
  }
  return (
    <Form
      submit={words.apply}
      isQuiet
      busy={preview.isPending}
      error={preview.error}
      fieldOf={{ CODE_NOT_VALID: 'promotionCode' }}
      onSubmit={(read) => preview.mutate(read('promotionCode').trim())}
    >
      <Field
        name="promotionCode"
        label={words.label}
        required
        maxLength={64}
        defaultValue={linked}
        autoComplete="off"
        autoCapitalize="characters"
      />
    </Form>
  )
}

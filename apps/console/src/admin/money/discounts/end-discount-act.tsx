import { api } from '../../../api.ts'
import { Act } from '../../kit/act.tsx'
import { t } from '../../texts/catalogue.ts'
import type { Discount } from './discount-words.ts'

const words = t.discounts

export function EndDiscountAct({ discount: { id, name } }: { discount: Discount }) {
  return (
    <Act
      open={words.end}
      openFully={words.endFully(name)}
      title={words.endTitle(name)}
      tone="bad"
      confirm={words.endConfirm}
      done={words.ended}
      consequences={() => [words.endEffect, words.endKeeps]}
      run={() => api.admin.discounts.end.mutate({ id })}
    />
  )
}

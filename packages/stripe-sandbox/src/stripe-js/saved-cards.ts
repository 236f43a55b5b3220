/** JavaScript of a Payment Element's frame: the list of the customer's saved cards. */
export const SAVED_CARDS = `let saved
/** The saved card that is chosen; undefined for a new one. */
const chosen = () => saved?.methods.find(({ id }) => form.querySelector('[name=saved]:checked')?.value === id)
const NAMES = { amex: 'American Express', diners: 'Diners Club', discover: 'Discover', jcb: 'JCB', mastercard: 'Mastercard', unionpay: 'UnionPay', visa: 'Visa' }
function showSaved() {
  const { features, methods } = saved
  const list = place('saved')
  // Removing a card keeps the choice of another one, or of a new card.
  const before = form.querySelector('[name=saved]:checked')?.value
  const first = before === '' || methods.some(({ id }) => id === before) ? before : methods[0]?.id
  for (const row of list.querySelectorAll('.saved')) row.remove()
  list.hidden = methods.length === 0
  for (const method of methods) {
    const { brand, exp_month, exp_year, last4 } = method.card
    const name = (NAMES[brand] ?? brand) + ' ending in ' + last4
    const row = choice(method.id, name + ', expires ' + exp_month + '/' + exp_year, method.id === first)
    if (features.payment_method_remove === 'enabled') {
      const button = document.createElement('button')
      Object.assign(button, { type: 'button', className: 'small plain', textContent: 'Remove', ariaLabel: 'Remove ' + name })
      button.addEventListener('click', () => remove(method, button))
      row.append(button)
    }
    list.append(row)
  }
  if (methods.length > 0) list.append(choice('', 'New card', first === ''))
  place('save').hidden = features.payment_method_save !== 'enabled'
}
function choice(value, text, checked) {
  const row = document.createElement('div')
  const input = document.createElement('input')
  const label = document.createElement('label')
  Object.assign(input, { type: 'radio', name: 'saved', id: 'saved-' + (value || 'new'), value, checked })
  Object.assign(label, { htmlFor: input.id, textContent: text })
  row.className = 'saved'
  row.append(input, label)
  return row
}
async function remove(method, button) {
  button.disabled = true
  const { error } = await post('elements/payment_methods/' + method.id + '/detach', { customer_session_client_secret: saved.secret })
  show(error)
  button.disabled = false
  if (!error) {
    saved.methods = saved.methods.filter((each) => each !== method)
    showSaved()
    apply(options)
    changed()
    form.querySelector('input:checked, [data-part=number]')?.focus()
  }
  tell({ event: 'savedpaymentmethodremove', detail: { success: !error, error: error?.message, payment_method: method } })
}
`

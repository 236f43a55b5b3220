/** Texts about the fields that the product adds to people and accounts. */
export const ownData = {
  title: 'Fields of your product',
  public: 'Public',
  publicHint: 'Members of the account can read it.',
  publicOfUser: 'The user can read it.',
  private: 'Private',
  privateHint: 'Only administrators and service keys can read it.',
  none: 'Empty',
  edit: 'Edit fields…',
  editTitle: 'Edit the fields',
  confirm: 'Save fields',
  done: 'Fields saved.',
  hint: (names: readonly string[]) =>
    names.length === 0
      ? 'The configuration of this server has no such fields.'
      : `A JSON object. Fields: ${names.join(', ')}.`,
  noObject: (label: string) => `${label} is not a JSON object. Enter it like {"company": "Acme"}.`,
  sets: (part: string, field: string, value: string) => `${part}: ${field} becomes ${value}.`,
  removes: (part: string, field: string) => `${part}: ${field} is removed.`,
  nothing: 'Nothing changes so far.',
  others: 'Fields that you leave alone stay as they are.',
}

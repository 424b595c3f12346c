/**
 * What kind of failure an error is: the same for two cases that fail alike with other figures.
 * While a case is made smaller it must stay of its kind, or one bug would turn into another.
 */
export function verdictOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const [sentence = ''] = error.message.split('\n');
  const words = sentence.replace(/"[^"]*"/g, '""').replace(/\d+(\.\d+)?/g, 'N');
  return [error.name, code, words].filter((part) => part !== '').join(' ');
}

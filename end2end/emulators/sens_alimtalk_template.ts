/** A variable of an approved text, such as `#{인증번호}`. */
const VARIABLE = /#\{[^{}]+\}/;

/** Whether a text is the approved one with its variables filled in: every other character has to be the same. */
export function fits(template: string, content: string): boolean {
  const literals = template.split(new RegExp(VARIABLE, 'g')).map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('[^\\n]+')}$`, 'u').test(content) && !VARIABLE.test(content);
}

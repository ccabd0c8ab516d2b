// The page's own words, so that the tests follow them.
import { readFileSync } from 'node:fs';

export type Language = 'zh' | 'en';

const tables: Record<Language, Record<string, string>> = { zh: read('zh'), en: read('en') };

function read(language: Language): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`../locales/${language}.json`, import.meta.url), 'utf8'));
}

/** A word of the page; `{name}` is filled in. A key that does not exist fails the test. */
export function word(language: Language, key: string, values: Record<string, string> = {}): string {
  const text = tables[language][key];
  if (text === undefined) throw new Error(`locales/${language}.json has no ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `{${name}}`);
}

/** What patients say in these tests: our own sentences. */
export const sentences = {
  emergency: { zh: '胸口像压了块石头,出冷汗,左胳膊也疼,半个小时了', en: 'Crushing chest pain for half an hour, sweating, it goes into my left arm' },
  alarming: {
    zh: '我妈在厨房里坐地上了,整个人软塌塌的,问啥都不搭理,嘴唇颜色不对',
    en: 'She just slid off the sofa and we can not get any sense out of her, this is not like her at all',
  },
  ordinary: { zh: '流鼻涕打喷嚏,嗓子有点疼,两天了', en: 'Runny nose and a bit of a sore throat for two days' },
  knee: { zh: '右膝盖疼了两个月,上下楼梯更明显', en: 'My right knee has been hurting for two months, worse on the stairs' },
  rash: { zh: '胳膊上起了一片红疹,痒了三天', en: 'An itchy red rash on my arm for three days' },
  nonsense: { zh: '哈哈呵呵嘿嘿', en: 'blah blah wibble' },
} satisfies Record<string, Record<Language, string>>;

//! The words the masker knows: cues, surnames, titles, units. Entries are parted by `|`, whole English words by spaces.

/// The commonest surnames; those of two characters stand apart.
pub(super) const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏\
钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁\
葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包\
司柏宁柯阮桂闵闫车宫尚肖付代冉冷蓝简祖习";
pub(super) const DOUBLE_SURNAMES: &str = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|长孙|宇文|轩辕|端木|独孤|南宫|西门|百里";
/// Ordinary words that begin like a name; only looked at after cues that also lead elsewhere ("我是高血压").
pub(super) const ORDINARY: &str = "高血|高龄|高度|高危|高中|高一|高二|高三|高考|高管|高原|高个|高烧|高热|高压|高糖|高尿|高脂|高位|高胆|白领|白天|\
白带|白血|白癜|白内|白发|白痰|白色|白细|黄种|黄疸|黄痰|黄色|黄体|黄褐|方便|方面|于是|时间|时常|时不|时候|江湖|江苏|江西|江米|温州|\
温和|武汉|武警|常年|常常|常见|常规|马上|马路|金属|金黄|易胖|易怒|易过|易感|严重|单位|单身|单亲|单纯|单侧|单眼|安全|安静|安徽|安检|\
安眠|何时|何种|何必|石头|石家|钱包|车祸|车间|成年|成人|成都|程度|程序|项目|曾经|任何|向来|宁波|宁夏|关节|关心|路过|路人|路上|万一|\
包工|包皮|牛皮|牛奶|毛病|毛囊|毛细|管道|管理|阳性|阳痿|代表|代驾|代孕|屈光|付款|支气|顾客|顾问|夏天|夏季|尤其|左手|左边|左侧|左眼|\
左脚|左腿|左耳|左下|左上|左肩|左膝|左胸|左腰|左半|卫生|季节|申请|童年|文员|文盲|文科|周末|周围|周一|周二|周三|周四|周五|周六|周日|\
胡说|胡言|胡思|余热|孔雀|林业|田里|康复|史上|龙虾|叶酸|汤药|谢谢|冷汗|冷热|祖传|祖父|祖母|成天|苗条|景区|甘油|盛夏|游泳|游客|查体|\
查出|查房|查血|位置|简单|蓝色|景点|文化|习惯|尚未|尚可|时有|梅毒|梅尼|焦虑|焦急|施工|庄稼|段时|雷雨|唐氏|唐筛|陶瓷|翁婿|田间|\
高敏感|高强|安装|安排|常用|许多|许久|沈阳|郑州|徐州|杭州|兰州|贺州|莫名|单独|单腿|单脚|万分|成功|房颤|谷物|谷丙|谷草|路边|宫颈|\
宫外|宫缩|宫内|薄弱|柏油|司机|尤为|曲张|肖像|包块|康健|卫校|顾家|游走|余下|毕业|盛怒|纪念|管床|武术|汤圆|左心|欧洲|单核|熊猫|高坠|安宁|方才";
/// What hardly stands in a given name, so that no symptom is taken for one.
pub(super) const NOT_GIVEN: &str =
    "病症炎疼痛压烧热疸痰咳癌瘤尿晕肿吐泻的了吗呢吧啊着们么不没很都也就我你他她它是在有无嗽痒";
/// What a name after a plain cue never begins with ("孩子叫疼", "我叫了120").
pub(super) const NOT_FIRST: &str = "了不得着过个你我他她它您这那什啥怎哪谁两几没有在是的地吗呢吧啊啦呀哦就都也很再又还只出起疼痛苦喊嚷声救医护滴外\
快和跟与被把给让请对为从到要想能会可别写填错忘变电号手已保未以必难叔姨邻佢咬尽挂吃去";
pub(super) const NOT_FIRST_WORDS: &str = "大家|大夫|大声|家人|家里|家属|人来|人送|人帮|人把|人打|人扶|老公|老婆|女儿|儿子|同事|朋友|爸|妈|车|一声|\
一下|一直|一个|一起|一种|来的|来了|来救|上来|上不|下来|心慌|头疼|头痛|肚子|急救|保安|出租|网约|性别|年龄|住址|地址|身份|声音|全家|饿|\
累|冷|热|晕|唤|床|哭|骂|名字|孩子|患者|病人|信息|登记|时没|时不|时有|成了|成我|成他|成她|成爹|成妈|复查|检查|回来|今天|狗";
/// What may follow a name without a stop between.
pub(super) const AFTER_NAME: &str = "今年|头|咳|发烧|发热|发高|肚|胸|的|我|男|女|是|想|有|电话|手机|身份|年龄|年纪|住|在|因|今天|昨|前|最近|已|\
一直|这|从|肝|胃|腰|背|腹|脚|腿|手|眼|耳|鼻|喉|嗓|皮肤|感冒|呕|恶心|拉|失眠|怀孕|来|要|请|您|你|和|也|了|不|感觉|觉得|出现|性别|联系|\
生日|出生|家住|地址|血|体温|心|疼|痛|晕|吐|摔|吃|得了|患|需|没|很|总|老是|半夜|突然|刚|正|说|去|挂|先生|女士|小姐|医生|大夫|岁|病|还|\
到|被|跟|都|就|两|三|几|喘|呼吸|牙|流|气|夜|早|晚|身上|全身|四肢|脖|膝|关节|尿|便|过敏|打|做|以|能|可|高烧|高血|微信|邮箱|邮|号";
/// Who can be said to be called something, before "叫".
pub(super) const CALLED: &str = "我|他|她|女儿|我儿|小儿|儿子|孩子|孙子|妻子|嫂子|侄子|娃|娃娃|宝|宝宝|宝贝|小孩|老公|老婆|丈夫|爸|妈|爷|奶|哥|姐|弟|妹|父亲|母亲|\
孙女|外婆|外公|姥姥|姥爷|病人|患者|老人|家属|名字|小名|大名|全名|乳名|朋友|同事|对象|先生|太太|爱人|阿姨|叔叔|舅舅|本人|媳妇|女婿";
pub(super) const NAMING: &str = "患者姓名|病人姓名|姓名|名字是|名字:|名字为|真名|联系人|就诊人|收件人|监护人|患者名|病人名|患者:|病人:|家属:|患者是|本名|签名";
pub(super) const PRESENTING: &str = "我是|本人|患者|病人|家属|这里是|我系|我就是";
pub(super) const SELF_DESCRIBED: &str = "今年|男|女|电话|手机|身份证|年龄|的妈|的爸|的家属|的母|的父|的老|的女|的儿|的丈|的妻|的爱人|的孩|的孙";
pub(super) const TITLES: &str = "先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|医生|医师|大夫|护士|主任|教授|院长|老师|师傅|同学|经理|\
伯伯|婶|大叔|大娘|伯母|专家";
/// A surname before a title is none when it ends another word ("当时医生说").
pub(super) const ENDS_WORD: &str = "方地对双东西南北前后配处院各多大|高很太更最较提升偏|白明表|任主责班信|安保平公\
不|管主血只尽不宿|常经平正非日|单名简订|段阶时这|钟分秒点|周上下本每一两二三四五六七八九十几这那半0123456789|余其|于由对关属至等终|钱花没少块的\
付交|曾不未|温体低高|康健|叶肺|史病历|季四|严|易容不|施措|谢谢多感|程过课疗病全|关有相机无|路马走一|何为如任|石结|项|成完|车开|向方一|查检复调|代替现|左|文中英语|万|包|冷|习学实|宁|牛|金现|马|毛|江|尚和|章|席|童儿|章文|司公|游|孙子|林";
/// English words that are no names; they end a name, too.
pub(super) const STOP: &str = " a about after again age aged all allergic already also always am an and any are as asthma asthmatic at away back bad be because \
been being better bleeding both bp breathing but by called calling came can can't cannot changed chest child children cold complains complaining \
contact cough coughing could coughs daughter day days developed diabetic did didn't died dizzy dob doctor does doesn't don't doing down email \
even every experiencing father feel feeling feels fell felt female fever feverish fine following for from gave gender get gets getting give go \
going good got had has hasn't have haven't having he headache headaches health her here him his hospital hot how hurt hurting hurts husband i i'd \
i'll i'm i've if ill in into is isn't it it's its just keeps kept last later like looks lost male me mine mobile mother my name named need needs \
never new next night no normal not nothing now number of off ok okay old on once one only or our out over pain patient phone please pregnant \
presents presenting presented put ready really recently ref reports said saw says seems sent she should showing sick since sleeping snores so \
some son sore speaking spelled spelt started started still stopped stroke suffering suffers suddenly take takes taking than that the their them \
then there they think this tired to today told tomorrow took too unable under unknown unwell until up urgent us very vomiting wants was wasn't we \
weak well went were what when where which who whose why wife with within woke woman worried worse would wrong year years yes yesterday yet \
you your address allergies because broke broken collapsed complained coughed cries cried denies describes faints fainted gives history id info \
lives living near notes number passed portal records safety satisfaction severe swollen threw type woken working pls knows do rang monday tuesday wednesday thursday friday saturday sunday generally broadly \
strictly honestly indian american african asian european australian canadian italian russian brazilian mexican black white muslim catholic hindu \
vegan type appointment appt visit blood pressure heart rate sugar temperature oxygen migraine rash nausea diarrhoea diarrhea stomach throat \
severe  crohn's parkinson's alzheimer's graves hodgkin's addison's cushing's raynaud's covid ";
/// Street words of English addresses; the second list also stands in plain speech and asks for a capital letter.
pub(super) const STREETS: &str =
    " street road rd avenue ave lane ln boulevard blvd terrace crescent highway mews ";
pub(super) const SPEECH_STREETS: &str = " st way drive dr close court ct place pl square gardens grove hill cottages cottage villas rise mansions heights house row park walk parkway ";
pub(super) const NOT_STREET: &str = " minute minutes min mins metre metres meter meters mile miles hour hours times km block blocks busy different long \
steps more other main small big week weeks month months cars mg ml half people ";
pub(super) const RELATIVES: &str = "son|daughter|wife|husband|mother|father|mum|mom|dad|brother|sister|partner|baby|child|boy|girl|grandson|granddaughter|\
grandmother|grandfather|grandma|grandpa|friend|uncle|aunt|cousin|nephew|niece|fiance|boyfriend|girlfriend";
pub(super) const NAMED: &str = "my name is|my name's|the name is|name is|i'm called|i am called|they call me|people call me|is called|is named|called|named|\
full name|first name|last name|surname|patient name|patient's name|name:|patient:|contact:|emergency contact|next of kin|i go by";
pub(super) const MONTHS: &str = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|\
oct|nov|dec";
pub(super) const BIRTH: &str = "出生日期|出生年月日|出生年月|出生时间|出生|生日|生于|born on|born in|born|dob|d.o.b|date of birth|birthday|birth date|birthdate";
pub(super) const STATES: &str = "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|\
TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|\
Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|Hampshire|\
Jersey|Mexico|York|Carolina|Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Island|Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin|Wyoming";
pub(super) const IDENTITY: &str = "病历号|病历编号|病案号|病历本号|住院号|门诊号|就诊卡|就诊号|医保卡|医保|社保卡|社保|诊疗卡|身份证|护照|证件|通行证|保单|保险号|\
登记号|患者编号|患者id|病人id|档案号|挂号单号|驾驶证|mrn|nhs|medical record|record|hospital number|hosp no|hosp number|hkid|hospital no|patient id|patient number|\
patient no|policy|insurance|passport|ssn|social security|member id|membership|case number|licence|license|medicare|medicaid|identity card|id card|\
id number|id no|chart number|reference number";
pub(super) const ACCOUNTS: &str = "银行卡|卡号|账号|帐号|账户|card number|card no|credit card|debit card|bank card|account number|account no|iban|sort code|bank account";
/// What leads to a chat name and to nothing else.
pub(super) const CHAT_LINKS: &str = "号码|号|是|为|叫|is|id|name|account|账号";
pub(super) const CHATS: &str = "微信号|微信|v信|薇信|威信|加v|加我v|vx|wx|qq号|qq|抖音|小红书|微博|wechat|weixin|telegram|whatsapp|instagram|snapchat|skype|line id|twitter|facebook";
pub(super) const PHONES: &str =
    "电话|手机|座机|分机|联系方式|phone|mobile|tel|telephone|extension|landline";
pub(super) const ZIPS: &str = "zip code|zip|postcode|postal code|post code|邮编|邮政编码";
pub(super) const EXTENSIONS: &str = "转|分机|分机号|ext|ext.|extension|x|#|,转";
/// What may stand between a word and its value.
pub(super) const LINKS: &str = "号码|号|码|是|为|卡|叫|本|no|number|is|id|was|the|my|name|account|账号|card|security|are|at|on|地址|也是";
/// Measurements: a number behind such a word is a value, not a telephone number.
pub(super) const LABORATORY: &str = "白细胞|红细胞|血小板|计数|中性粒|淋巴|病毒载量|血压|血糖|体温|心率|脉搏|体重|身高|血氧|尿酸|肌酐|胆固醇|甘油三酯|\
hcg|绒毛膜|铁蛋白|转氨酶|dna|rna|定量|wbc|rbc|plt|white cells|red cells|platelets|platelet|white count|viral load|count|bp|blood pressure|sugar|\
sugars|glucose|temperature|temperatures|temp|temps|pulse|heart rate|hr|weight|height|copies|拷贝|ferritin|readings|steps|步数|ca|ca19-9|psa|cea|afp";
pub(super) const LABORATORY_LINKS: &str =
    "计数|是|为|约|大概|有|was|is|are|were|of|about|count|读数|分别|依次|定量|=|到|都";
pub(super) const UNITS: &str = "mg|g|kg|ml|l|iu|u|ug|mcg|mmol|umol|cm|mm|m|km|单位|万|个|步|元|块|天|小时|分钟|周|月|年|岁|次|度|℃|°|%|/|毫升|毫克|克|斤|\
米|卡|千卡|大卡|片|粒|days|day|hours|hour|hrs|minutes|mins|weeks|week|months|month|years|year|yrs|times|cells|copies|steps|calories|kcal|\
tablets|pills|units|pounds|lbs|点|拷贝|x10|weeks'|degrees|公斤|厘米|楼|层|号下|号晚|号早";
pub(super) const ADMINISTRATIVE: &str =
    "特别行政区|自治区|自治州|自治县|开发区|街道|社区|省|市|区|县|镇|乡|村";
pub(super) const ROADS: &str = "大街|大道|胡同|路|街|巷";
pub(super) const COMPOUNDS: &str = "小区|花园|公寓|新村|家园|大厦|苑";
pub(super) const NUMBERED: &str = "号楼|单元|号院|号|栋|幢|室|楼|层|座|弄|组|户";
pub(super) const NOT_ADDRESS: &str =
    "住在址是从去我的了们到过走来您你他她有这那离往给让去被把里到于出下";

/// Numerals of a number that is spelt out, by their values; 幺 is one and 〇 nought.
pub(super) const SPELT: &str = "零一二三四五六七八九〇幺";

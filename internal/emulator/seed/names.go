package seed

import (
	"slices"
	"strings"
)

// culture is where people are from and where they work.
type culture struct {
	language string // preferredLanguage
	country  string
	usage    string // ISO 3166 code, usageLocation
	data     string // preferredDataLocation
	office   string
	street   string
	city     string
	state    string
	postal   string
	phone    string
	// synced marks an office with an on-premises directory.
	synced bool
	// familyFirst marks names that are written family name first.
	familyFirst bool
	given       []name
	family      []name
}

// name is a name as its bearer writes it and as a mail address spells it.
type name struct{ written, ascii string }

// names parses a table: words with "_" for a space, and "=" before the spelling in
// ASCII where lower-casing does not give it.
func names(table string) []name {
	words := strings.Fields(table)
	parsed := make([]name, len(words))
	for i, word := range words {
		written, ascii, ok := strings.Cut(word, "=")
		written = strings.ReplaceAll(written, "_", " ")
		if !ok {
			ascii = strings.ToLower(written)
		}
		parsed[i] = name{written, ascii}
	}
	return parsed
}

// cultures returns the offices. Names cover what breaks tools: accents, apostrophes,
// hyphens, spaces, letters whose case depends on the language, CJK, Cyrillic and
// right-to-left scripts.
func cultures() []culture { return slices.Concat(westernOffices(), easternOffices()) }

func westernOffices() []culture {
	return []culture{
		{
			language: "en-US", country: "United States", usage: "US", data: "NAM", synced: true,
			office: "Seattle 12/1100", street: "1420 Fifth Avenue", city: "Seattle", state: "WA", postal: "98101", phone: "+1 206 555 01",
			given:  names("Ava Benjamin Camila Dwayne Emma Franklin Grace Hector Isabel Jamal Keisha Liam"),
			family: names("Anderson Brooks Carter Delgado Ellis Freeman Garrison Hayes Ibarra Jefferson Knight Van_Buren=vanburen"),
		},
		{
			language: "de-DE", country: "Germany", usage: "DE", data: "DEU", synced: true,
			office: "München 3.OG", street: "Leopoldstraße 28", city: "München", state: "Bayern", postal: "80802", phone: "+49 89 5550 1",
			given:  names("Anja Björn=bjoern Christiane Dieter Elke Florian Gisela Hans-Jürgen=hans-juergen Jörg=joerg Katrin Lutz Marlene"),
			family: names("Bäcker=baecker Dietrich Eßer=esser Fuchs Großmann=grossmann Hübner=huebner Jäger=jaeger Köhler=koehler Lindner Müller-Lüdenscheidt=mueller-luedenscheidt von_der_Heide=vonderheide Weiß=weiss"),
		},
		{
			language: "fr-FR", country: "France", usage: "FR", data: "FRA",
			office: "Paris – Étage 5", street: "14 rue de la Paix", city: "Paris", state: "Île-de-France", postal: "75002", phone: "+33 1 55 50 01 ",
			given:  names("Amélie=amelie Benoît=benoit Cécile=cecile Damien Éloïse=eloise François=francois Gaëlle=gaelle Hugo Inès=ines Jean-Luc Léa=lea Maël=mael"),
			family: names("Arnaud Beauséjour=beausejour Châtelain=chatelain D'Aubigné=daubigne Fournier Garçon=garcon Lefèvre=lefevre L'Hôpital=lhopital Mercier Noël=noel Œuvrard=oeuvrard Rousseau"),
		},
		{
			language: "ja-JP", country: "Japan", usage: "JP", data: "JPN", familyFirst: true,
			office: "東京 丸の内 9F", street: "千代田区丸の内1-6-5", city: "東京", state: "東京都", postal: "100-0005", phone: "+81 3 5550 01",
			given:  names("愛=ai 大輔=daisuke 英子=eiko 春樹=haruki 一郎=ichiro 純=jun 健=ken 舞=mai 直美=naomi 蓮=ren さくら=sakura 裕二=yuji"),
			family: names("青木=aoki 橋本=hashimoto 石川=ishikawa 加藤=kato 小林=kobayashi 松本=matsumoto 中村=nakamura 佐々木=sasaki 鈴木=suzuki 高橋=takahashi 渡辺=watanabe 髙島=takashima"),
		},
		{
			language: "ga-IE", country: "Ireland", usage: "IE", data: "EUR", synced: true,
			office: "Dublin Block B", street: "7 Sir John Rogerson's Quay", city: "Dublin", state: "Leinster", postal: "D02 VY79", phone: "+353 1 555 01",
			given:  names("Aoife Brendan Caoimhe Diarmuid Eimear Fionn Gráinne=grainne Niamh Oisín=oisin Róisín=roisin Seán=sean Tadhg"),
			family: names("Byrne Fitzgerald Kavanagh MacCarthy McLoughlin Ní_Dhomhnaill=nidhomhnaill O'Brien=obrien O'Connor=oconnor Ó_Súilleabháin=osuilleabhain O'Neill=oneill Quinn Walsh"),
		},
		{
			language: "pl-PL", country: "Poland", usage: "PL", data: "POL",
			office: "Kraków C2", street: "ul. Świętej Gertrudy 11", city: "Kraków", state: "Małopolskie", postal: "31-049", phone: "+48 12 555 01 ",
			given:  names("Agnieszka Bartłomiej=bartlomiej Czesław=czeslaw Dorota Elżbieta=elzbieta Grzegorz Iwona Jarosław=jaroslaw Krystyna Łukasz=lukasz Małgorzata=malgorzata Żaneta=zaneta"),
			family: names("Błaszczyk=blaszczyk Dąbrowska=dabrowska Gołąb=golab Jabłoński=jablonski Kowalczyk Król=krol Michalak Nowak Piątek=piatek Szczęsny=szczesny Wójcik=wojcik Źrebiec=zrebiec"),
		},
		{
			language: "es-MX", country: "Mexico", usage: "MX", data: "NAM", synced: true,
			office: "Ciudad de México P8", street: "Paseo de la Reforma 250", city: "Ciudad de México", state: "CDMX", postal: "06600", phone: "+52 55 5555 01",
			given:  names("Adrián=adrian Beatriz Concepción=concepcion Diego Esperanza Fermín=fermin Guadalupe Íñigo=inigo José_María=josemaria Lucía=lucia Begoña=begona Ramón=ramon"),
			family: names("Álvarez=alvarez Castañeda=castaneda Domínguez=dominguez Echeverría=echeverria Gutiérrez=gutierrez Ibáñez=ibanez López_de_la_Peña=lopezdelapena Muñoz=munoz Núñez=nunez Ordóñez=ordonez Peñalosa=penalosa Yáñez=yanez"),
		},
	}
}

func easternOffices() []culture {
	return []culture{
		{
			language: "he-IL", country: "Israel", usage: "IL", data: "EUR",
			office: "תל אביב 7", street: "שדרות רוטשילד 22", city: "תל אביב", state: "", postal: "6688218", phone: "+972 3 555 01",
			given:  names("אביגיל=avigail בועז=boaz גליה=galia דניאל=daniel הדס=hadas יואב=yoav כרמל=karmel ליאור=lior מיכל=michal נועה=noa עידו=ido שירה=shira"),
			family: names("אברהמי=avrahami ביטון=biton גולן=golan דהן=dahan הלוי=halevi זמיר=zamir כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz שפירא=shapira תמיר=tamir"),
		},
		{
			language: "tr-TR", country: "Türkiye", usage: "TR", data: "EUR",
			office: "İstanbul Kat 4", street: "Büyükdere Cad. 112", city: "İstanbul", state: "Şişli", postal: "34394", phone: "+90 212 555 01 ",
			given:  names("Ayşe=ayse Barış=baris Çağla=cagla Doğan=dogan Elif Fırat=firat Gülşen=gulsen Işıl=isil İbrahim=ibrahim Özge=ozge Şebnem=sebnem Ümit=umit"),
			family: names("Aydın=aydin Bozdağ=bozdag Çelik=celik Demir Erdoğmuş=erdogmus Güneş=gunes Işık=isik Kılıç=kilic Öztürk=ozturk Şahin=sahin Türkoğlu=turkoglu Yıldırım=yildirim"),
		},
		{
			language: "en-IN", country: "India", usage: "IN", data: "IND", synced: true,
			office: "Bengaluru T3", street: "88 Mahatma Gandhi Road", city: "Bengaluru", state: "Karnataka", postal: "560001", phone: "+91 80 5550 01",
			given:  names("Aarav Bhavna Chandrika Deepak Esha Farhan Gita Harish Ishaan Jyoti Kavita Lakshmi"),
			family: names("Agarwal Banerjee Chatterjee Deshpande Fernandes Gupta Iyer Joshi Krishnamurthy Menon Nair Venkatasubramanian"),
		},
		{
			language: "uk-UA", country: "Ukraine", usage: "UA", data: "EUR",
			office: "Київ, 6 поверх", street: "вул. Хрещатик 15", city: "Київ", state: "", postal: "01001", phone: "+380 44 555 01",
			given:  names("Андрій=andrii Богдана=bohdana Володимир=volodymyr Ганна=hanna Дмитро=dmytro Євгенія=yevheniia Зоряна=zoriana Ірина=iryna Людмила=liudmyla Мар'яна=mariana Олексій=oleksii Юрій=yurii"),
			family: names("Бондаренко=bondarenko Василенко=vasylenko Гончарук=honcharuk Дем'яненко=demianenko Ємець=yemets Захарчук=zakharchuk Коваленко=kovalenko Лук'янчук=lukianchuk Мороз=moroz Їжакевич=yizhakevych Ткаченко=tkachenko Шевчук=shevchuk"),
		},
		{
			language: "ar-AE", country: "United Arab Emirates", usage: "AE", data: "ARE",
			office: "دبي برج 2", street: "شارع الشيخ زايد", city: "دبي", state: "دبي", postal: "", phone: "+971 4 555 01",
			given:  names("أحمد=ahmed بسمة=basma جمال=jamal حنان=hanan خالد=khalid رانيا=rania سامي=sami عائشة=aisha فاطمة=fatima كريم=karim ليلى=layla يوسف=yousef"),
			family: names("البناء=albanna الحسيني=alhusseini الخطيب=alkhatib الزعابي=alzaabi السويدي=alsuwaidi الشامسي=alshamsi الفارسي=alfarsi القاسمي=alqasimi المنصوري=almansoori النعيمي=alnuaimi الهاشمي=alhashimi عبد_الله=abdullah"),
		},
	}
}

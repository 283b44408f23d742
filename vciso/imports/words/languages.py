"""Words of registers and lists in other languages: headings, levels, answers, states.

French, German, Spanish, Italian, Dutch and Portuguese. Written with their accents; comparing leaves
accents, case and punctuation out. The word as it stands in the file is kept with the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vciso.imports.registry import Field

Words = Mapping[str, tuple[str, ...]]

LIKELIHOOD = (
    "probabilité", "vraisemblance", "fréquence", "occurrence", "probabilité d'occurrence",
    "eintrittswahrscheinlichkeit", "wahrscheinlichkeit", "häufigkeit", "eintritt",
    "probabilidad", "probabilidad de ocurrencia", "frecuencia", "verosimilitud",
    "probabilità", "frequenza", "verosimiglianza", "probabilità di accadimento",
    "kans", "waarschijnlijkheid", "kans van optreden", "probabilidade", "frequência", "probabilidade de ocorrência",
)  # fmt: skip
IMPACT = (
    "gravité", "impact", "sévérité", "auswirkung", "auswirkungen", "schadensausmaß", "schadenshöhe", "schwere",
    "schaden", "tragweite", "schadenspotenzial", "impacto", "gravedad", "severidad", "impatto", "gravità", "danno",
    "gevolg", "ernst", "effect op organisatie", "gravidade", "severidade", "magnitude do impacto", "impact global",
    "impact maximal", "impact total", "gesamtauswirkung", "maximale auswirkung", "impacto máximo", "impacto global",
    "impacto total", "maximale impact", "totale impact", "impatto massimo", "impatto complessivo",
)  # fmt: skip
SCORE = (
    "criticité", "niveau de risque", "score de risque", "cotation", "risikoklasse", "risikowert", "risikostufe",
    "risikokennzahl", "risikobewertung", "risikozahl", "nivel de riesgo", "valoración del riesgo", "riesgo inherente",
    "livello di rischio", "valore del rischio", "indice di rischio", "risicoscore", "risiconiveau", "risicoklasse",
    "nível de risco", "classificação do risco", "grau de risco",
)  # fmt: skip
RATING: Words = {
    "before": ("brut", "brute", "inhérent", "inhérente", "initial", "initiale", "brutto", "inhärent", "inhärente",
               "inherente", "inicial", "bruto", "bruta", "lordo", "lorda", "iniziale", "vor maßnahmen",
               "vóór maatregelen", "bruto risico", "avant mesures", "antes de controles", "prima dei controlli"),
    "now": ("résiduel", "résiduelle", "actuel", "actuelle", "nette", "netto", "restrisiko", "aktuell",
            "nach maßnahmen", "residual", "actual", "residuo", "residua", "attuale", "huidig", "huidige",
            "na maatregelen", "après mesures", "atual", "después de controles", "dopo i controlli", "restant"),
    "target": ("cible", "ciblé", "ciblée", "ziel", "angestrebt", "objetivo", "deseado", "obiettivo", "atteso", "doel",
               "streef", "alvo", "desejado"),
}  # fmt: skip

COMPOUNDS: Words = {
    "before": ("brutto", "bruto"),
    "now": ("rest", "netto"),
    "target": ("ziel", "soll", "doel", "streef"),
}
"""What German and Dutch put before the word itself: "Restwahrscheinlichkeit", "restkans"."""
RISK = ("risque", "risiko", "riesgo", "rischio", "risico", "risco")

SORTS: Words = {
    "financial": ("financier", "financière", "économique", "finanziell", "finanzen", "wirtschaftlich", "monetär",
                  "financiero", "económico", "financieel", "finanziario", "economico", "financeiro", "económico"),
    "operational": ("opérationnel", "opérationnelle", "betrieblich", "operativ", "betrieb", "operativo",
                    "operacional",
                    "operationeel", "bedrijfsvoering", "operativo"),
    "legal": ("juridique", "réglementaire", "rechtlich", "regulatorisch", "jurídico", "regulatorio", "normativo",
              "juridisch", "wettelijk", "legale", "regulatório"),
    "reputation": ("réputation", "imagen", "reputación", "reputatie", "imago", "reputazione", "reputação", "ansehen",
                   "reputacional"),
    "people": ("humain", "santé", "sécurité des personnes", "personen", "mitarbeiter", "gesundheit", "personal",
               "personas", "salud", "mensen", "veiligheid", "persone", "salute", "pessoas", "menschen"),
    "strategic": ("stratégique", "strategisch", "estratégico", "strategico"),
    "customer": ("clientèle", "kunden", "kunde", "cliente", "klant", "klanten"),
    "environment": ("environnement", "environnemental", "umwelt", "medio ambiente", "ambiental", "milieu",
                    "ambiente"),
    "privacy": ("vie privée", "datenschutz", "privacidad", "protección de datos", "privacidade"),
    "quality": ("qualité", "qualität", "calidad", "kwaliteit", "qualità", "qualidade"),
    "confidentiality": ("confidentialité", "vertraulichkeit", "confidencialidad", "vertrouwelijkheid", "riservatezza",
                        "confidencialidade"),
    "integrity": ("intégrité", "integrität", "integridad", "integriteit", "integrità", "integridade"),
    "availability": ("disponibilité", "verfügbarkeit", "disponibilidad", "beschikbaarheid", "disponibilità",
                     "disponibilidade"),
}  # fmt: skip

RISKS: Words = {
    "reference": ("n°", "nº", "numéro", "référence", "réf", "identifiant", "nummer", "kennung", "risiko nr",
                  "risikonummer", "lfd nr", "kennziffer", "número", "código", "referencia", "identificador",
                  "numero", "codice", "riferimento", "risiconummer", "volgnummer", "kenmerk", "referência",
                  "identificação", "rif", "risico id", "risico nr"),
    "title": ("risque", "intitulé", "intitulé du risque", "nom du risque", "libellé", "titre", "risiko",
              "bezeichnung", "bezeichnung des risikos", "risikobezeichnung", "titel", "gefährdung", "bedrohung",
              "riesgo", "nombre del riesgo", "título", "amenaza", "rischio", "titolo", "nome del rischio", "minaccia",
              "risico", "naam risico", "risicotitel", "dreiging", "risco", "nome do risco", "ameaça"),
    "description": ("description du risque", "beschreibung", "risikobeschreibung", "descripción",
                    "descripción del riesgo", "descrizione", "descrizione del rischio", "omschrijving",
                    "beschrijving", "risico omschrijving", "descrição", "descrição do risco"),
    "cause": ("cause", "causes", "origine", "ursache", "ursachen", "auslöser", "causa", "causas", "cause del rischio",
              "oorzaak", "oorzaken", "schwachstelle", "vulnérabilité", "vulnerabilidad", "vulnerabilità",
              "kwetsbaarheid", "vulnerabilidade"),
    "event": ("événement", "ereignis", "evento", "gebeurtenis"),
    "consequence": ("conséquence", "conséquences", "effet", "folgen", "konsequenzen", "mögliche folgen", "efecto",
                    "consecuencia", "consecuencias", "conseguenza", "conseguenze", "effetto", "gevolg", "gevolgen",
                    "consequência", "consequências", "efeito"),
    "category": ("catégorie", "type de risque", "domaine", "kategorie", "risikokategorie", "risikoart", "bereich",
                 "categoría", "tipo de riesgo", "tipo", "categoria", "tipo di rischio", "categorie", "soort risico",
                 "tipo de risco"),
    "asset": ("actif", "bien", "processus", "système", "anwendung", "schutzobjekt", "prozess", "aktivum", "activo",
              "abteilung", "fachbereich", "organisationseinheit", "département", "entité", "departamento", "unidad",
              "dipartimento", "afdeling", "organisatieonderdeel", "proceso", "sistema", "bene", "processo",
              "asset coinvolto", "bedrijfsmiddel", "proces", "systeem",
              "ativo", "zielobjekt", "wert"),
    "controls": ("mesures existantes", "mesures en place", "contrôles existants", "dispositifs de maîtrise",
                 "bestehende maßnahmen", "vorhandene maßnahmen", "umgesetzte maßnahmen", "kontrollen",
                 "controles existentes", "controles actuales", "medidas existentes", "misure esistenti",
                 "controlli esistenti", "misure in essere", "bestaande maatregelen", "huidige maatregelen",
                 "beheersmaatregelen", "controles", "medidas existentes", "controles atuais"),
    "treatment": ("traitement", "traitement du risque", "stratégie", "option de traitement", "behandlung",
                  "risikobehandlung", "behandlungsoption", "strategie", "umgang", "tratamiento",
                  "tratamiento del riesgo", "estrategia", "respuesta", "trattamento", "trattamento del rischio",
                  "strategia", "behandeling", "risicobehandeling", "tratamento", "tratamento do risco",
                  "resposta ao risco", "resposta", "estratégia"),
    "action": ("plan d'action", "mesures prévues", "actions", "plan de traitement", "mesures complémentaires",
               "maßnahme", "maßnahmen", "geplante maßnahmen", "gegenmaßnahme", "gegenmaßnahmen", "maßnahmenplan",
               "weitere maßnahmen", "plan de acción", "acción", "acciones", "plan de tratamiento",
               "medidas previstas",
               "medida", "mesure", "azione", "azioni", "piano di trattamento", "piano d'azione", "misure previste",
               "actie", "acties", "actieplan", "maatregel", "maatregelen", "aanvullende maatregelen", "plano de ação",
               "ação", "ações", "plano de tratamento", "medidas planejadas"),
    "owner": ("responsable", "propriétaire", "propriétaire du risque", "porteur", "pilote", "verantwortlich",
              "verantwortlicher", "verantwortliche person", "risikoverantwortlicher", "risikoeigner",
              "risikoeigentümer", "zuständig", "propietario", "responsable del riesgo", "dueño del riesgo",
              "responsabile", "proprietario", "responsabile del rischio", "eigenaar", "risico eigenaar",
              "risicoeigenaar", "verantwoordelijke", "responsável", "proprietário", "dono do risco"),
    "due": ("échéance", "date d'échéance", "date cible", "délai", "frist", "fällig am", "termin", "umsetzung bis",
            "zieldatum", "fälligkeit", "bis wann", "fecha límite", "fecha objetivo", "plazo", "vencimiento",
            "scadenza", "data di scadenza", "termine", "streefdatum", "einddatum", "vervaldatum", "prazo",
            "data limite", "data prevista"),
    "review": ("prochaine revue", "date de revue", "nächste überprüfung", "nächste prüfung", "wiedervorlage",
               "próxima revisión", "fecha de revisión", "prossima revisione", "data di revisione",
               "volgende beoordeling", "volgende review", "próxima revisão", "data de revisão"),
    "last_reviewed": ("dernière revue", "dernière mise à jour", "letzte überprüfung", "letzte prüfung", "stand",
                      "letzte aktualisierung", "última revisión", "última actualización", "ultima revisione",
                      "ultimo aggiornamento", "laatste beoordeling", "laatst bijgewerkt", "última revisão",
                      "última atualização"),
    "raised_on": ("date d'identification", "identifié le", "erfasst am", "datum", "erkannt am", "fecha",
                  "fecha de identificación", "data", "data di identificazione", "datum geïdentificeerd",
                  "data de identificação"),
    "status": ("statut", "état", "status", "zustand", "estado", "stato", "toestand", "situação", "bearbeitungsstand"),
    "closed_on": ("date de clôture", "clôturé le", "geschlossen am", "abgeschlossen am", "fecha de cierre",
                  "data di chiusura", "gesloten op", "data de encerramento"),
    "accepted": ("accepté", "akzeptiert", "aceptado", "accettato", "geaccepteerd", "aceito"),
    "accepted_by": ("accepté par", "akzeptiert von", "genehmigt von", "aceptado por", "accettato da",
                    "geaccepteerd door", "aceito por"),
    "accepted_on": ("accepté le", "akzeptiert am", "aceptado el", "accettato il", "geaccepteerd op", "aceito em"),
    "notes": ("remarque", "remarques", "commentaire", "commentaires", "bemerkung", "bemerkungen",
              "anmerkung", "anmerkungen", "kommentar", "comentario", "comentarios", "observaciones", "nota", "note",
              "osservazioni", "commenti", "opmerking", "opmerkingen", "toelichting", "comentário", "observações"),
}  # fmt: skip

VENDORS: Words = {
    "reference": RISKS["reference"] + ("lieferantennummer", "kreditor", "kreditorennummer", "code fournisseur"),
    "title": ("fournisseur", "prestataire", "nom du fournisseur", "sous traitant", "lieferant", "dienstleister",
              "anbieter", "firma", "lieferantenname", "name des dienstleisters", "auftragsverarbeiter", "proveedor",
              "nombre del proveedor", "empresa", "fornitore", "nome fornitore", "azienda", "società", "leverancier",
              "naam leverancier", "dienstverlener", "verwerker", "fornecedor", "nome do fornecedor", "prestador",
              "raison sociale", "razón social", "ragione sociale", "nom", "nombre", "nome", "naam"),
    "service": ("prestation", "service rendu", "objet", "leistung", "dienstleistung", "gegenstand",
                "beschreibung der leistung", "servicio", "servicio prestado", "servizio", "dienst", "diensten",
                "serviço", "description", "descripción", "descrizione", "omschrijving", "descrição", "beschreibung"),
    "type": ("catégorie", "kategorie", "categoría", "categoria", "categorie", "lieferantentyp", "tipo"),
    "contact": ("interlocuteur", "ansprechpartner", "kontakt", "contacto", "contatto", "contactpersoon", "contato",
                "courriel", "correo"),
    "location": ("pays", "localisation", "hébergement", "land", "standort", "speicherort", "ort der verarbeitung",
                 "país", "ubicación", "paese", "ubicazione", "locatie", "vestiging", "localização", "ville", "ort"),
    "owner": ("responsable", "propriétaire", "verantwortlich", "verantwortlicher", "fachverantwortlicher",
              "responsable interno", "responsabile", "eigenaar", "contracteigenaar", "responsável"),
    "tier": ("niveau", "stufe", "risikoklasse", "nivel", "nivel de riesgo", "livello", "livello di rischio",
             "risiconiveau", "nível", "nível de risco", "niveau de risque"),
    "criticality": ("criticité", "kritikalität", "bedeutung", "criticidad", "criticità", "kritikaliteit",
                    "criticidade", "importance", "wichtigkeit"),
    "data": ("données", "types de données", "données personnelles", "daten", "datenarten", "datenkategorien",
             "personenbezogene daten", "datos", "tipos de datos", "datos personales", "dati", "dati trattati",
             "dati personali", "gegevens", "soort gegevens", "persoonsgegevens", "dados", "tipo de dados",
             "dados pessoais"),
    "access": ("accès", "zugriff", "zugang", "acceso", "accesso", "toegang", "acesso"),
    "certificates": ("certifications", "certificats", "zertifikate", "zertifizierung", "certificaciones",
                     "certificazioni", "certificeringen", "certificaten", "certificações"),
    "dpa": ("avv", "av vertrag", "auftragsverarbeitungsvertrag", "accord de traitement", "contrat de sous traitance",
            "contrato de encargo", "encargo de tratamiento", "accordo sul trattamento", "verwerkersovereenkomst",
            "acordo de tratamento"),
    "subprocessors": ("sous traitants ultérieurs", "unterauftragnehmer", "subunternehmer", "subencargados",
                      "sub responsabili", "subverwerkers", "subcontratados"),
    "contract_reference": ("n° de contrat", "contrat", "vertragsnummer", "vertrag", "contrato", "contratto",
                           "contractnummer"),
    "contract_start": ("début du contrat", "date de début", "vertragsbeginn", "beginn", "inicio del contrato",
                       "fecha de inicio", "inizio contratto", "data inizio", "ingangsdatum", "início do contrato"),
    "contract_end": ("fin du contrat", "date de fin", "échéance", "vertragsende", "laufzeit bis", "ende",
                     "fin del contrato", "vencimiento", "fecha de fin", "fine contratto", "scadenza",
                     "scadenza contratto", "einddatum", "einde contract", "fim do contrato", "vencimento"),
    "notice_period": ("préavis", "kündigungsfrist", "preaviso", "preavviso", "opzegtermijn", "aviso prévio"),
    "auto_renew": ("renouvellement automatique", "tacite reconduction", "automatische verlängerung",
                   "renovación automática", "rinnovo automatico", "automatische verlenging", "renovação automática"),
    "annual_spend": ("dépense annuelle", "montant annuel", "coût annuel", "jahreskosten", "jahresumsatz", "kosten",
                     "umsatz", "gasto anual", "coste anual", "spesa annua", "costo annuo", "jaarlijkse kosten",
                     "gasto anual", "custo anual"),
    "next_review": ("prochaine évaluation", "prochaine revue", "nächste prüfung", "nächste überprüfung",
                    "próxima revisión", "prossima revisione", "volgende beoordeling", "próxima revisão"),
    "last_review": ("dernière évaluation", "dernière revue", "letzte prüfung", "letzte überprüfung",
                    "última revisión", "ultima revisione", "laatste beoordeling", "última revisão"),
    "status": RISKS["status"],
    "notes": RISKS["notes"],
}  # fmt: skip

POLICIES: Words = {
    "reference": RISKS["reference"] + ("dokumentnummer", "dokument nr"),
    "title": ("politique", "nom de la politique", "procédure", "document", "titre", "richtlinie", "leitlinie",
              "dokument", "dokumententitel", "titel", "bezeichnung", "política", "nombre de la política", "documento",
              "título", "politica", "titolo", "beleid", "beleidsdocument", "naam", "nome", "nombre", "nom", "norme"),
    "kind": ("catégorie", "type", "kategorie", "dokumentart", "art", "categoría", "tipo", "categoria", "soort"),
    "purpose": ("objet", "objectif", "description", "zweck", "beschreibung", "propósito", "descripción", "scopo",
                "descrizione", "doel", "omschrijving", "finalidade", "descrição"),
    "owner": RISKS["owner"],
    "version": ("version", "révision", "fassung", "versión", "revisión", "versione", "revisione", "versie", "versão",
                "revisão"),
    "approved_by": ("approuvé par", "approbateur", "freigegeben von", "genehmigt von", "freigabe durch",
                    "aprobado por", "approvato da", "goedgekeurd door", "aprovado por"),
    "effective_on": ("date d'effet", "date d'approbation", "approuvé le", "gültig ab", "freigegeben am",
                     "in kraft seit", "freigabedatum", "fecha de aprobación", "vigente desde", "data di approvazione",
                     "in vigore dal", "ingangsdatum", "goedgekeurd op", "data de aprovação", "vigente a partir de"),
    "review_months": ("fréquence de revue", "prüfintervall", "überprüfungsintervall", "turnus",
                      "frecuencia de revisión", "frequenza di revisione", "reviewfrequentie",
                      "frequência de revisão", "périodicité"),
    "last_reviewed": RISKS["last_reviewed"],
    "next_review": RISKS["review"] + ("gültig bis", "revision fällig"),
    "status": RISKS["status"],
    "location": ("lien", "emplacement", "ablage", "ablageort", "pfad", "ubicación", "enlace", "percorso",
                 "collegamento", "locatie", "vindplaats", "localização"),
    "notes": RISKS["notes"],
}  # fmt: skip

TREATMENTS: Words = {
    "reduce": ("réduire", "réduction", "atténuer", "traiter", "mitiger", "vermindern", "reduzieren", "mindern",
               "minimieren", "behandeln", "verringern", "mitigar", "reducir", "tratar", "ridurre", "mitigare",
               "trattare", "verminderen", "beperken", "behandelen", "reduzir", "atenuar", "reductie"),
    "accept": ("accepter", "acceptation", "tolérer", "maintenir", "akzeptieren", "akzeptanz", "tragen", "tolerieren",
               "aceptar", "asumir", "tolerar", "accettare", "tollerare", "accepteren", "aceitar", "assumir"),
    "transfer": ("transférer", "transfert", "partager", "übertragen", "transferieren", "versichern", "überwälzen",
                 "transferir", "compartir", "trasferire", "condividere", "overdragen", "verzekeren", "compartilhar"),
    "avoid": ("éviter", "supprimer", "refuser", "vermeiden", "beenden", "evitar", "eliminar", "evitare", "eliminare",
              "vermijden", "beëindigen"),
    "untreated": ("non traité", "à traiter", "unbehandelt", "offen", "sin tratar", "non trattato", "onbehandeld",
                  "não tratado", "open"),
}  # fmt: skip

STATUSES: Words = {
    "open": ("ouvert", "ouverte", "en cours", "actif", "offen", "in bearbeitung", "aktiv", "laufend", "in umsetzung",
             "abierto", "abierta", "en curso", "en proceso", "activo", "vigente", "aperto", "in corso", "attivo",
             "à traiter", "à faire", "en attente", "en traitement", "ausstehend", "in prüfung", "zu erledigen",
             "pendiente", "en tratamiento", "en seguimiento", "por tratar", "in attesa", "in lavorazione",
             "da trattare",
             "pendente", "a tratar", "openstaand", "openstaande", "in uitvoering", "te behandelen", "nog te doen",
             "in behandeling", "lopend", "actief", "aberto", "em andamento", "em curso", "ativo", "aberta",
             "überwacht", "surveillé"),
    "proposed": ("proposé", "nouveau", "brouillon", "vorgeschlagen", "neu", "entwurf", "propuesto", "nuevo",
                 "borrador", "proposto", "nuovo", "bozza", "voorgesteld", "nieuw", "concept", "novo", "rascunho"),
    "closed": ("fermé", "clôturé", "clos", "terminé", "geschlossen", "erledigt", "abgeschlossen", "beendet",
               "cerrado",
               "cerrada", "finalizado", "chiuso", "concluso", "gesloten", "afgerond", "afgesloten", "fechado",
               "encerrado", "concluído", "resolvido", "résolu", "risolto", "resuelto"),
    "accepted": ("accepté", "acceptée", "akzeptiert", "aceptado", "accettato", "geaccepteerd", "aceito"),
}  # fmt: skip

FIVE: Mapping[int, tuple[str, ...]] = {
    1: ("très improbable", "rare", "exceptionnel", "négligeable", "insignifiant", "sehr unwahrscheinlich", "selten",
        "sehr selten", "unbedeutend", "vernachlässigbar", "rara vez", "raro", "muy improbable", "remoto",
        "insignificante", "despreciable", "molto improbabile", "trascurabile", "zeer onwaarschijnlijk", "zeldzaam",
        "verwaarloosbaar", "muito improvável", "desprezível", "nahezu unmöglich"),
    2: ("improbable", "peu probable", "mineur", "mineure", "unwahrscheinlich", "gelegentlich selten", "geringfügig",
        "begrenzt", "menor", "poco probable", "leve", "improbabile", "poco probabile", "minore", "lieve",
        "onwaarschijnlijk", "gering effect", "improvável", "pouco provável", "limité", "limitée"),
    3: ("possible", "modéré", "modérée", "möglich", "gelegentlich", "spürbar", "mäßig", "moderat", "posible",
        "moderado", "moderada", "ocasional", "possibile", "moderato", "moderata", "occasionale", "mogelijk",
        "matig", "possível", "significatif"),
    4: ("probable", "majeur", "majeure", "important", "wahrscheinlich", "erheblich", "beträchtlich", "häufig",
        "mayor", "grave", "probabile", "maggiore", "rilevante", "waarschijnlijk", "aanzienlijk", "groot effect",
        "provável", "maior", "importante"),
    5: ("quasi certain", "très probable", "certain", "catastrophique", "fast sicher", "sehr wahrscheinlich",
        "nahezu sicher", "katastrophal", "existenzbedrohend", "existenzgefährdend", "sehr häufig", "casi seguro",
        "muy probable", "catastrófico", "seguro", "quasi certo", "molto probabile", "catastrofico",
        "vrijwel zeker", "zeer waarschijnlijk", "catastrofaal", "quase certo", "muito provável"),
}  # fmt: skip
PLAIN: Words = {
    "vl": ("très faible", "très bas", "sehr gering", "sehr niedrig", "muy bajo", "muy baja", "molto basso",
           "molto bassa", "zeer laag", "zeer klein", "muito baixo", "muito baixa"),
    "l": ("faible", "bas", "basse", "gering", "niedrig", "bajo", "baja", "basso", "bassa", "laag", "klein", "baixo",
          "baixa", "vert", "grün", "verde", "groen"),
    "m": ("moyen", "moyenne", "mittel", "mittlere", "medio", "media", "médio", "média", "gemiddeld", "middel",
          "jaune",
          "gelb", "amarillo", "giallo", "geel", "amarelo"),
    "h": ("élevé", "élevée", "fort", "forte", "haut", "hoch", "alto", "alta", "elevato", "elevata", "hoog", "groot",
          "elevado", "elevada"),
    "vh": ("critique", "extrême", "kritisch", "extrem", "crítico", "crítica", "extremo", "critico", "critica",
           "kritiek", "extreem", "rouge", "rot", "rojo", "rosso", "rood", "vermelho"),
    "xh": ("très élevé", "très élevée", "très fort", "sehr hoch", "muy alto", "muy alta", "molto alto", "molto alta",
           "molto elevato", "zeer hoog", "zeer groot", "muito alto", "muito alta", "muito elevado"),
}  # fmt: skip
YES = ("oui", "vrai", "ja", "wahr", "vorhanden", "sí", "verdadero", "sì", "vero", "waar", "sim", "verdadeiro",
"signé",
       "unterzeichnet", "firmado", "firmato", "getekend", "assinado")  # fmt: skip
NO = ("non", "faux", "nein", "falsch", "nicht vorhanden", "falso", "nee", "onwaar", "não", "aucun")  # fmt: skip
NOTHING = ("néant", "sans objet", "inconnu", "keine", "keiner", "unbekannt", "entfällt", "ninguno", "ninguna",
           "no aplica", "desconocido", "nessuno", "nessuna", "non applicabile", "sconosciuto", "geen", "onbekend",
           "nvt", "n v t", "nenhum", "nenhuma", "não aplicável", "desconhecido", "k a", "s o")  # fmt: skip


def with_words(fields: tuple[Field, ...], words: Words) -> tuple[Field, ...]:
    """The fields with further headings, by key."""
    return tuple(
        replace(item, synonyms=item.synonyms + words[item.key]) if item.key in words else item for item in fields
    )


def choices(own: Words, *more: Words) -> dict[str, tuple[str, ...]]:
    """Choices with the words of other languages after their own."""
    return {value: words + tuple(word for held in more for word in held.get(value, ())) for value, words in own.items()}

//! The names of the crowd, and the domains of its addresses.

/// 128 first names.
pub(super) const FIRST: &str = "Ada Adele Agnès Aisha Alan Alba Alejandro Alice Amara Amélie Amir \
Ana Anders Andrea Anja Anna Antoine Arjun Astrid Aurélie Barbara Beatriz Benoît Bianca Björn \
Brigitte Camille Carlos Carmen Cécile Charlotte Chidi Chiara Claire Clément Dafne Daniel David \
Deepa Diego Dominique Édouard Elena Élise Emeka Emil Emma Enzo Eric Esther Fatima Felix Fiona \
Florence François Freya Gabriel Giulia Grace Greta Hana Hannah Hans Haruto Helena Henri Hugo \
Ibrahim Ida Inès Ingrid Isabel Ivan Jacques Jamal Jana Jean-Luc Joanna Jonas José Julia Kaito \
Karim Katherine Kenji Klara Lars Laure Lea Leila Liam Lina Lucas Lucía Maëlle Malik Marco Margaret \
Maria Mathilde Mei Miguel Mira Mohammed Nadia Nina Noah Noémie Nora Olga Oliver Omar Paula Pedro \
Priya Quentin Rafael Renée Rosa Samuel Sara Sofia Sven Tariq Théo Tomás Yuki Zoë";

/// 205 last names.
pub(super) const LAST: &str = "Abbott Abe Acosta Adeyemi Ahmed Alvarez Andersen Andersson Antonov \
Araujo Arnaud Baker Banerjee Barbier Bauer Becker Benali Benoit Berger Bernard Bertrand Bianchi \
Blanc Bonnet Boucher Bouchard Brandt Brown Bruno Campbell Carlsen Caron Carter Castillo Chen \
Chevalier Clarke Colombo Conti Cooper Costa Cruz Dahl Danjuma Delacroix Demir Deschamps Diallo Diaz \
Dijkstra Dubois Dufour Dumont Dupont Durand Eriksson Esposito Evans Fabre Faure Ferrari Fischer \
Fontaine Fournier Fuchs Fujita Garcia Garnier Gauthier Girard Gomez Gonzalez Grant Gray Guerin Gupta \
Haddad Hall Hamilton Hansen Hara Hernandez Hoffmann Hopper Hussein Ibarra Ionescu Ito Ivanova \
Jackson Jansen Jensen Johansson Johnson Joly Jones Kaplan Kato Kaya Keller Khan Kim Klein Knuth \
Kobayashi Koch Kovács Kowalski Krüger Lacroix Lambert Laurent Lavigne Leblanc Leclerc Lefèvre Legrand \
Lemaire Leroy Lindberg Liskov Lopez Lovelace Lund Lundgren Maier Marchand Marino Martin Martinez \
Masson Mendes Mercier Meyer Michel Mishra Møller Morales Moreau Moretti Morin Müller Muñoz \
Nakamura Navarro Nguyen Nielsen Novak Nowak O'Brien O'Neil Okafor Okonkwo Olsen Ortega Osei Park \
Patel Pereira Perez Perrin Petit Petrov Picard Popescu Qureshi Ramos Renard Reyes Ricci Richard Rivera \
Robert Rocha Roussel Roux Rossi Ruiz Sánchez Santos Sato Schmidt Schneider Silva Simon Singh Smith \
Suzuki Takahashi Tanaka Thomas Torres Tremblay Turing Vargas Vasquez Vidal Villeneuve Wagner Walker \
Weber Wilson Wolf Yamamoto Yılmaz";

/// Addresses end in one of these; the first ones are more common.
pub(super) const DOMAINS: [&str; 10] = [
    "northwind.example",
    "northwind.example",
    "northwind.example",
    "northwind.example",
    "northwind.example",
    "northwind.example",
    "fr.northwind.example",
    "northwind-labs.example",
    "contoso.example",
    "fabrikam.example",
];

/// A name as an address has it.
pub(super) fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for sign in name.chars().flat_map(char::to_lowercase) {
        match sign {
            'é' | 'è' | 'ë' | 'ê' => text.push('e'),
            'á' | 'à' | 'â' => text.push('a'),
            'í' | 'î' | 'ı' => text.push('i'),
            'ö' | 'ø' | 'ó' => text.push('o'),
            'ü' | 'ú' => text.push('u'),
            'ç' => text.push('c'),
            'ñ' => text.push('n'),
            other if other.is_ascii_alphanumeric() || other == '-' => text.push(other),
            _ => {}
        }
    }
    text
}
